#pragma once

#include <vector>

#include "ch04_layers/blocks.hpp"
#include "ch04_layers/dropout.hpp"
#include "ch04_layers/embedding.hpp"
#include "ch04_layers/gelu.hpp"
#include "ch04_layers/hyperbolic_tangent.hpp"
#include "ch04_layers/layer_norm.hpp"
#include "ch04_layers/linear.hpp"
#include "ch04_layers/linear_gelu.hpp"
#include "ch04_layers/matrix_product.hpp"
#include "ch04_layers/mean_squared_error.hpp"
#include "ch04_layers/relu.hpp"
#include "ch04_layers/residual_layer_norm.hpp"
#include "ch04_layers/select_rows.hpp"
#include "ch04_layers/softmax.hpp"
#include "ch04_layers/softmax_cross_entropy.hpp"
#include "operation_case.hpp"

namespace distilbert::testing {

template <class T>
using Inputs = std::vector<Variable<T>>;

/// A mask that drops three elements in ten.
inline DropoutMask test_mask(std::size_t rows, std::size_t columns) {
  return draw_dropout_mask(
      rows, columns, 0.3, RandomSource(5, RandomPurpose::kHiddenDropout, 6, 7));
}

/// Ids that repeat, in an order that is not sorted.
inline std::vector<std::int32_t> test_ids(std::size_t count,
                                          std::size_t entries) {
  std::vector<std::int32_t> ids;
  for (std::size_t i = 0; i < count; ++i) {
    ids.push_back(static_cast<std::int32_t>((7 * i + i * i) % entries));
  }
  return ids;
}

/// Operations that compute each element of the result from one of the input.
template <class T>
std::vector<OperationCase<T>> element_wise_operations(std::size_t m,
                                                      std::size_t n) {
  const auto x = random_matrix<T>(m, n, 1);
  return {
      {"gelu", {x}, [](const Inputs<T>& in) { return gelu(in[0]); }},
      {"relu", {x}, [](const Inputs<T>& in) { return relu(in[0]); }},
      {"hyperbolic_tangent",
       {x},
       [](const Inputs<T>& in) { return hyperbolic_tangent(in[0]); }},
      {"dropout",
       {x},
       [=](const Inputs<T>& in) { return dropout(in[0], {test_mask(m, n)}); }},
      {"softmax", {x}, [](const Inputs<T>& in) { return softmax(in[0]); }},
  };
}

/// Operations that move rows and blocks about.
template <class T>
std::vector<OperationCase<T>> moving_operations(std::size_t m, std::size_t n) {
  const auto x = random_matrix<T>(m, n, 1);
  const auto y = random_matrix<T>(m, n - 1, 2);
  return {
      {"embedding",
       {x},
       [=](const Inputs<T>& in) {
         return embedding(in[0], test_ids(2 * m, m));
       }},
      {"embedding with padding",
       {x},
       [=](const Inputs<T>& in) {
         return embedding(in[0], test_ids(2 * m, m), 0);
       }},
      {"select_rows",
       {x},
       [=](const Inputs<T>& in) {
         return select_rows(in[0], {m - 1, 0, 1, 0});
       }},
      {"cut_block",
       {x},
       [=](const Inputs<T>& in) {
         return cut_block(in[0], {1, 1, m - 2, n - 1});
       }},
      {"join_blocks",
       {x, y},
       [=](const Inputs<T>& in) {
         return join_blocks<T>({in[1], in[0]}, {{0, n, m, n - 1}, {0, 0, m, n}},
                               m, 2 * n - 1);
       }},
  };
}

template <class T>
std::vector<OperationCase<T>> product_operations(std::size_t m, std::size_t n) {
  const std::size_t out = n + 3;
  const auto x = random_matrix<T>(m, n, 1);
  const auto weight = random_matrix<T>(out, n, 2);
  const auto bias = random_matrix<T>(1, out, 3);
  const auto y = random_matrix<T>(n, out, 4);
  return {
      {"linear",
       {x, weight, bias},
       [](const Inputs<T>& in) { return linear(in[0], in[1], in[2]); }},
      {"linear_gelu",
       {x, weight, bias},
       [](const Inputs<T>& in) { return linear_gelu(in[0], in[1], in[2]); }},
      {"plain_linear_gelu",
       {x, weight, bias},
       [](const Inputs<T>& in) {
         return plain_linear_gelu(in[0], in[1], in[2]);
       }},
      {"scaled_product_transposed",
       {x, weight},
       [](const Inputs<T>& in) {
         return scaled_product_transposed(in[0], in[1], T{0.375});
       }},
      {"matrix_product",
       {x, y},
       [](const Inputs<T>& in) { return matrix_product(in[0], in[1]); }},
  };
}

template <class T>
std::vector<OperationCase<T>> norm_operations(std::size_t m, std::size_t n) {
  const auto x = random_matrix<T>(m, n, 1);
  const auto residual = random_matrix<T>(m, n, 2);
  const auto gain = random_matrix<T>(1, n, 3);
  const auto bias = random_matrix<T>(1, n, 4);
  return {
      {"layer_norm",
       {x, gain, bias},
       [](const Inputs<T>& in) {
         return layer_norm(in[0], in[1], in[2], 1e-12);
       }},
      {"residual_layer_norm",
       {x, residual, gain, bias},
       [](const Inputs<T>& in) {
         return residual_layer_norm<T>(in[0], in[1], {in[2], in[3], 1e-12}, {});
       }},
      {"residual_layer_norm with dropout",
       {x, residual, gain, bias},
       [=](const Inputs<T>& in) {
         return residual_layer_norm<T>(in[0], in[1], {in[2], in[3], 1e-12},
                                       test_mask(m, n));
       }},
      {"plain_residual_layer_norm with dropout",
       {x, residual, gain, bias},
       [=](const Inputs<T>& in) {
         return plain_residual_layer_norm<T>(
             in[0], in[1], {in[2], in[3], 1e-12}, test_mask(m, n));
       }},
  };
}

template <class T>
std::vector<OperationCase<T>> loss_operations(std::size_t m, std::size_t n) {
  const auto logits = random_matrix<T>(m, n, 1);
  const auto targets = random_matrix<T>(m, n, 2);
  std::vector<std::int32_t> labels = test_ids(m, n);
  labels[m / 2] = kIgnoredLabel;
  return {
      {"softmax_cross_entropy",
       {logits},
       [=](const Inputs<T>& in) {
         return softmax_cross_entropy(in[0], labels);
       }},
      {"mean_squared_error",
       {logits},
       [=](const Inputs<T>& in) { return mean_squared_error(in[0], targets); }},
  };
}

/// Every operation of chapter 4, on matrices of m rows and about n columns.
template <class T>
std::vector<OperationCase<T>> layer_operations(std::size_t m, std::size_t n) {
  std::vector<OperationCase<T>> all;
  for (const auto& some :
       {element_wise_operations<T>(m, n), moving_operations<T>(m, n),
        product_operations<T>(m, n), norm_operations<T>(m, n),
        loss_operations<T>(m, n)}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace distilbert::testing
