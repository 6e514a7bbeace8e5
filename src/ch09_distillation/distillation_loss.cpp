#include "ch09_distillation/distillation_loss.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "ch03_autograd/record_loss.hpp"

namespace distilbert {
namespace {

// log softmax(logits / temperature) of one row, in double.
template <class T>
void log_softmax_row(std::span<const T> logits,
                     double temperature,
                     std::span<double> result) {
  const double largest = *std::ranges::max_element(logits) / temperature;
  double sum = 0;
  for (std::size_t j = 0; j < logits.size(); ++j) {
    result[j] = static_cast<double>(logits[j]) / temperature - largest;
    sum += std::exp(result[j]);
  }
  const double log_sum = std::log(sum);
  for (double& value : result) {
    value -= log_sum;
  }
}

}  // namespace

// --8<-- [start:distillation_loss]
template <class T>
DistillationLoss<T> distillation_loss(const Matrix<T>& student_logits,
                                      const Matrix<T>& teacher_logits,
                                      T temperature) {
  const std::size_t classes = columns(student_logits);
  require_shape(teacher_logits, rows(student_logits), classes,
                "the teacher's logits");
  const auto count = static_cast<double>(rows(student_logits));
  Matrix<T> gradient = make_matrix<T>(rows(student_logits), classes);
  std::vector<double> log_p(classes);
  std::vector<double> log_q(classes);
  double sum = 0;
  for (std::size_t i = 0; i < rows(student_logits); ++i) {
    log_softmax_row(row(student_logits, i), temperature,
                    std::span<double>(log_p));
    log_softmax_row(row(teacher_logits, i), temperature,
                    std::span<double>(log_q));
    // --8<-- [start:soft_loss_element]
    for (std::size_t j = 0; j < classes; ++j) {
      const double p = std::exp(log_p[j]);
      const double q = std::exp(log_q[j]);
      sum += q * (log_q[j] - log_p[j]);
      gradient(i, j) = static_cast<T>(temperature / count * (p - q));
    }
    // --8<-- [end:soft_loss_element]
  }
  const double loss = temperature * temperature * (sum / count);
  return {static_cast<T>(loss), std::move(gradient)};
}

// --8<-- [end:distillation_loss]

template <class T>
Variable<T> distillation_loss(const Variable<T>& student_logits,
                              const Matrix<T>& teacher_logits,
                              T temperature) {
  DistillationLoss<T> result =
      distillation_loss(student_logits.value(), teacher_logits, temperature);
  return record_loss(student_logits, result.loss, std::move(result.gradient));
}

#define INSTANTIATE(T)                                                         \
  template DistillationLoss<T> distillation_loss(const Matrix<T>&,             \
                                                 const Matrix<T>&, T);         \
  template Variable<T> distillation_loss(const Variable<T>&, const Matrix<T>&, \
                                         T);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
