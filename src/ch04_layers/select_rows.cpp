#include "ch04_layers/select_rows.hpp"

#include <algorithm>

namespace distilbert {

template <class T>
Variable<T> select_rows(const Variable<T>& x, std::vector<std::size_t> chosen) {
  const std::size_t height = rows(x.value());
  Matrix<T> y = make_matrix<T>(chosen.size(), columns(x.value()));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    require(chosen[i] < height, "row {} of {}", chosen[i], height);
    std::ranges::copy(row(x.value(), chosen[i]), row(y, i).begin());
  }
  if (x.tape() == nullptr) {
    return Variable<T>(std::move(y));
  }
  return x.tape()->record({x}, std::move(y),
                          [height, chosen = std::move(chosen)](
                              const Matrix<T>& dy, InputGradients<T>& inputs) {
                            Matrix<T> dx = zeros<T>(height, columns(dy));
                            for (std::size_t i = 0; i < chosen.size(); ++i) {
                              const auto sum = row(dx, chosen[i]);
                              for (std::size_t j = 0; j < sum.size(); ++j) {
                                sum[j] += dy(i, j);
                              }
                            }
                            inputs.add(0, std::move(dx));
                          });
}

template Variable<float> select_rows(const Variable<float>&,
                                     std::vector<std::size_t>);
template Variable<double> select_rows(const Variable<double>&,
                                      std::vector<std::size_t>);

}  // namespace distilbert
