#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch01_tensor/tensor.hpp"
#include "common/safetensors.hpp"

namespace distilbert::testing {

/// A file of tests/golden, relative to it.
inline std::filesystem::path golden_path(const std::string& name) {
  return std::filesystem::path(DISTILBERT_SOURCE_DIR) / "tests/golden" / name;
}

/// The tensors of one golden file, read by name.
class Goldens {
 public:
  explicit Goldens(const std::string& name)
      : file_(SafetensorsFile::open(golden_path(name))) {}

  [[nodiscard]] const SafetensorsFile& file() const { return file_; }

  [[nodiscard]] bool has(const std::string& name) const {
    return file_.find(name) != nullptr;
  }

  /// A tensor of one or two dimensions; a vector becomes one row.
  template <class T>
  [[nodiscard]] Matrix<T> matrix(const std::string& name) const {
    const TensorInfo& info = file_.info(name);
    const std::size_t width = info.shape.empty() ? 1 : info.shape.back();
    const std::size_t height = info.shape.size() == 2 ? info.shape[0] : 1;
    Matrix<T> matrix = make_matrix<T>(height, width);
    file_.copy_values(info, values(matrix));
    return matrix;
  }

  template <class T>
  [[nodiscard]] std::vector<T> integers(const std::string& name) const {
    std::vector<T> numbers;
    for (const std::int64_t number : file_.read_values<std::int64_t>(name)) {
      numbers.push_back(static_cast<T>(number));
    }
    return numbers;
  }

 private:
  SafetensorsFile file_;
};

/// How close a type comes to the reference's double (see the manifest):
/// outputs by their largest element, gradients by their norm.
template <class T>
struct Tolerance;

template <>
struct Tolerance<float> {
  static constexpr double kForward = 1e-5;
  static constexpr double kGradient = 1e-4;
  static constexpr double kOfAllGradients = 1e-6;
};

template <>
struct Tolerance<double> {
  static constexpr double kForward = 1e-12;
  static constexpr double kGradient = 1e-9;
  static constexpr double kOfAllGradients = 1e-12;
};

/// |found - expected| <= t + t · max |expected| for each element.
template <class T>
void require_forward_equal(const Matrix<T>& found,
                           const Matrix<double>& expected,
                           const std::string& name) {
  INFO(name);
  REQUIRE(rows(found) == rows(expected));
  REQUIRE(columns(found) == columns(expected));
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double a = values(found)[i];
    const double b = values(expected)[i];
    largest = std::max(largest, std::abs(b));
    // Not std::max: a NaN must not pass.
    difference = std::abs(a - b) <= difference ? difference : std::abs(a - b);
  }
  REQUIRE(difference <= Tolerance<T>::kForward * (1 + largest));
}

inline double norm(const Matrix<double>& matrix) {
  double sum = 0;
  for (const double value : values(matrix)) {
    sum += value * value;
  }
  return std::sqrt(sum);
}

/// ‖found - expected‖ <= t · ‖expected‖ + s · ‖all gradients of the model‖.
template <class T>
void require_gradient_equal(const Matrix<T>& found,
                            const Matrix<double>& expected,
                            double norm_of_all,
                            const std::string& name) {
  INFO(name);
  REQUIRE(found.size() == expected.size());
  double squares = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double difference = values(found)[i] - values(expected)[i];
    squares += difference * difference;
  }
  REQUIRE(std::sqrt(squares) <=
          Tolerance<T>::kGradient * norm(expected) +
              Tolerance<T>::kOfAllGradients * norm_of_all);
}

}  // namespace distilbert::testing
