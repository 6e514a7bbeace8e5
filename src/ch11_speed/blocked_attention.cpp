#include "ch11_speed/blocked_attention.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "ch04_layers/row_math.hpp"
#include "ch04_layers/special_functions.hpp"
#include "ch05_attention/head_blocks.hpp"
#include "ch11_speed/panel.hpp"

namespace distilbert {
namespace {

constexpr std::array<float, kTileColumns> kZeros{};

// Memory for one head after another: keys and values in panels, a panel in a row,
// and the scores of a tile's queries. As large as the longest sequence needs.
struct Scratch {
  Scratch(std::size_t longest, std::size_t head_size)
      : keys(
            make_matrix<float>(panel_count(longest), head_size * kTileColumns)),
        values(
            make_matrix<float>(panel_count(head_size), longest * kTileColumns)),
        scores(make_matrix<float>(kTileRows,
                                  panel_count(longest) * kTileColumns)) {}

  Matrix<float> keys;
  Matrix<float> values;
  Matrix<float> scores;
};

// [head size, keys]: a panel's column is a key.
void pack_keys(const Block<const float>& k, Matrix<float>& panels) {
  for (std::size_t number = 0; number < panel_count(k.rows); ++number) {
    const std::size_t first = number * kTileColumns;
    pack_transposed(
        {k.data + first * k.stride, std::min(kTileColumns, k.rows - first),
         k.columns, k.stride},
        row(panels, number).data());
  }
}

// [keys, head size]: a panel's column is one feature of the values.
void pack_values(const Block<const float>& v, Matrix<float>& panels) {
  for (std::size_t number = 0; number < panel_count(v.columns); ++number) {
    const std::size_t first = number * kTileColumns;
    pack_straight({v.data + first, v.rows,
                   std::min(kTileColumns, v.columns - first), v.stride},
                  row(panels, number).data());
  }
}

// scores = q · kᵀ for the queries of one tile; whole panels of keys.
void compute_scores(const Block<const float>& q,
                    const Matrix<float>& keys,
                    std::size_t panels,
                    Matrix<float>& scores) {
  Tile tile{};
  for (std::size_t number = 0; number < panels; ++number) {
    tile_product(q, row(keys, number).data(), kZeros, tile);
    for (std::size_t i = 0; i < q.rows; ++i) {
      std::ranges::copy(tile.sums[i], &scores(i, number * kTileColumns));
    }
  }
}

// A row of scores becomes exp(scale · (score - largest)) for each of `keys` keys
// and 0 behind them, up to whole panels, so that no loop has a remainder.
// Returns 1 / sum: the division is left to the context, which has fewer numbers.
float exponentiate(std::span<float> scores, std::size_t keys, float scale) {
  std::ranges::fill(scores.subspan(keys),
                    -std::numeric_limits<float>::infinity());
  const float largest = row_max<float>(scores);
  for (float& score : scores) {
    score = (score - largest) * scale;
  }
  exp_each(scores, scores);
  return 1.0F / row_sum<float>(scores);
}

// context = softmax(scores) · v for the queries of one tile, whose scores have
// been exponentiated: weights [queries, keys].
void sum_values(const Block<const float>& weights,
                std::span<const float> inverse_sums,
                const Matrix<float>& values,
                const Block<float>& context) {
  Tile tile{};
  for (std::size_t number = 0; number < rows(values); ++number) {
    const std::size_t first = number * kTileColumns;
    const std::size_t width = std::min(kTileColumns, context.columns - first);
    tile_product(weights, row(values, number).data(), kZeros, tile);
    for (std::size_t i = 0; i < context.rows; ++i) {
      float* const to = context.data + i * context.stride + first;
      for (std::size_t j = 0; j < width; ++j) {
        to[j] = tile.sums[i][j] * inverse_sums[i];
      }
    }
  }
}

// One head of one sequence: q, k, v and context are [length, head size].
void attend(const Block<const float>& q,
            const Block<const float>& k,
            const Block<const float>& v,
            const Block<float>& context,
            Scratch& scratch) {
  pack_keys(k, scratch.keys);
  pack_values(v, scratch.values);
  Matrix<float>& scores = scratch.scores;
  const std::size_t panels = panel_count(k.rows);
  const float scale = 1.0F / std::sqrt(static_cast<float>(q.columns));
  float inverse_sums[kTileRows];
  // --8<-- [start:attend]
  for_each_tile(q.rows, [&](std::size_t begin, std::size_t end) {
    compute_scores(
        {q.data + begin * q.stride, end - begin, q.columns, q.stride},
        scratch.keys, panels, scores);
    for (std::size_t i = 0; i < end - begin; ++i) {
      inverse_sums[i] = exponentiate(
          row(scores, i).first(panels * kTileColumns), k.rows, scale);
    }
    sum_values({scores.data(), end - begin, k.rows, columns(scores)},
               inverse_sums, scratch.values,
               {context.data + begin * context.stride, end - begin,
                context.columns, context.stride});
  });
  // --8<-- [end:attend]
}

}  // namespace

Matrix<float> blocked_attention(const Matrix<float>& q,
                                const Matrix<float>& k,
                                const Matrix<float>& v,
                                const AttentionLayout& layout) {
  require_attention_inputs(q, k, v, layout);
  Matrix<float> context = make_matrix<float>(rows(q), columns(q));
  std::size_t longest = 0;
  for (std::size_t s = 0; s < layout.sequences(); ++s) {
    longest = std::max(longest, layout.length(s));
  }
  const auto attend_head = [&](std::size_t sequence, std::size_t head,
                               Scratch& scratch) {
    const auto block = [&](const Matrix<float>& matrix) {
      return head_block<const float>(matrix, layout, sequence, head);
    };
    attend(block(q), block(k), block(v),
           head_block<float>(context, layout, sequence, head), scratch);
  };
  for_each_head(
      layout, [&] { return Scratch(longest, columns(q) / layout.heads); },
      attend_head);
  return context;
}

}  // namespace distilbert
