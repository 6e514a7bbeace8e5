#include "ch11_speed/packed_weight.hpp"

#include <algorithm>

#include "ch11_speed/panel.hpp"
#include "common/threads.hpp"

namespace distilbert {

PackedWeight::PackedWeight(const Matrix<float>& weight)
    : out_(rows(weight)),
      in_(columns(weight)),
      panels_(make_matrix<float>(panel_count(out_), in_ * kTileColumns)) {
  parallel_for(panels(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t number = begin; number < end; ++number) {
      const std::size_t first = number * kTileColumns;
      pack_transposed({row(weight, first).data(),
                       std::min(kTileColumns, out_ - first), in_, in_},
                      row(panels_, number).data());
    }
  });
}

}  // namespace distilbert
