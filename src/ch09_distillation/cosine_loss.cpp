#include "ch09_distillation/cosine_loss.hpp"

#include <cmath>
#include <utility>

#include "ch03_autograd/record_loss.hpp"

namespace distilbert {

// --8<-- [start:cosine_loss]
template <class T>
CosineLoss<T> cosine_loss(const Matrix<T>& student, const Matrix<T>& teacher) {
  // A float in the reference, which shows where a row is zero.
  constexpr double kEpsilon = 1e-12F;
  require_shape(teacher, rows(student), columns(student),
                "the teacher's hidden states");
  const auto count = static_cast<double>(rows(student));
  Matrix<T> gradient = make_matrix<T>(rows(student), columns(student));
  double sum = 0;
  for (std::size_t i = 0; i < rows(student); ++i) {
    double dot = 0;
    double s_squared = kEpsilon;
    double t_squared = kEpsilon;
    for (std::size_t j = 0; j < columns(student); ++j) {
      const double s = student(i, j);
      const double t = teacher(i, j);
      dot += s * t;
      s_squared += s * s;
      t_squared += t * t;
    }
    const double norms = std::sqrt(s_squared * t_squared);
    const double cosine = dot / norms;
    sum += 1 - cosine;
    for (std::size_t j = 0; j < columns(student); ++j) {
      gradient(i, j) = static_cast<T>(
          (cosine * student(i, j) / s_squared - teacher(i, j) / norms) / count);
    }
  }
  return {static_cast<T>(sum / count), std::move(gradient)};
}

// --8<-- [end:cosine_loss]

template <class T>
Variable<T> cosine_loss(const Variable<T>& student, const Matrix<T>& teacher) {
  CosineLoss<T> result = cosine_loss(student.value(), teacher);
  return record_loss(student, result.loss, std::move(result.gradient));
}

#define INSTANTIATE(T)                                                    \
  template CosineLoss<T> cosine_loss(const Matrix<T>&, const Matrix<T>&); \
  template Variable<T> cosine_loss(const Variable<T>&, const Matrix<T>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
