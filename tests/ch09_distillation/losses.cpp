// The two losses of distillation alone: values that a pencil gives, PyTorch on
// random rows, and central differences.

#include <cmath>
#include <string>

#include "ch03_autograd/gradient_error.hpp"
#include "ch04_layers/context.hpp"
#include "ch09_distillation/cosine_loss.hpp"
#include "ch09_distillation/distillation_loss.hpp"
#include "random_matrix.hpp"
#include "read_json.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// Relative to the expected value, since it is one number.
template <class T>
void require_loss_equal(T found, double expected) {
  constexpr bool kIsDouble = sizeof(T) == sizeof(double);
  REQUIRE(std::abs(static_cast<double>(found) - expected) <=
          (kIsDouble ? 1e-13 : 3e-7) * std::abs(expected));
}

template <class T>
void check_soft_case(const nlohmann::json& example) {
  const auto result = distillation_loss(matrix_from<T>(example["student"]),
                                        matrix_from<T>(example["teacher"]),
                                        example["temperature"].get<T>());
  require_loss_equal(result.loss, example["loss"].get<double>());
  require_forward_equal(result.gradient,
                        matrix_from<double>(example["gradient"]), "gradient");
}

// Row by row: the gradient of a row of zeros is larger by a million.
template <class T>
void check_cosine_case(const nlohmann::json& example) {
  const auto result = cosine_loss(matrix_from<T>(example["student"]),
                                  matrix_from<T>(example["teacher"]));
  require_loss_equal(result.loss, example["loss"].get<double>());
  const Matrix<double> expected = matrix_from<double>(example["gradient"]);
  for (std::size_t i = 0; i < rows(expected); ++i) {
    Matrix<T> found_row = make_matrix<T>(1, columns(expected));
    Matrix<double> expected_row = make_matrix<double>(1, columns(expected));
    for (std::size_t j = 0; j < columns(expected); ++j) {
      found_row(0, j) = result.gradient(i, j);
      expected_row(0, j) = expected(i, j);
    }
    require_forward_equal(found_row, expected_row,
                          "gradient of row " + std::to_string(i));
  }
}

ParameterPtr<double> random_parameter(std::uint64_t seed) {
  auto parameter = make_parameter<double>("student", {6, 5});
  *parameter->value = random_matrix<double>(6, 5, seed);
  return parameter;
}

}  // namespace

TEMPLATE_TEST_CASE("the soft loss has the value that a pencil gives",
                   "[distillation_loss]",
                   float,
                   double) {
  const auto pencil = read_json("distillation/pencil.json");
  REQUIRE(pencil["soft_loss"].size() == 2);
  for (const auto& example : pencil["soft_loss"]) {
    check_soft_case<TestType>(example);
  }
}

TEST_CASE("the soft loss is the teacher's divergence from the student") {
  const auto pencil = read_json("distillation/pencil.json");
  const auto& example = pencil["soft_loss"][1];
  const auto swapped =
      distillation_loss(matrix_from<double>(example["teacher"]),
                        matrix_from<double>(example["student"]), 2.0);
  require_loss_equal(swapped.loss,
                     pencil["soft_loss_the_other_way_round"].get<double>());
  REQUIRE(std::abs(swapped.loss - example["loss"].get<double>()) > 0.05);
}

TEMPLATE_TEST_CASE("the cosine loss has the value that a pencil gives",
                   "[cosine_loss]",
                   float,
                   double) {
  const auto pencil = read_json("distillation/pencil.json");
  REQUIRE(pencil["cosine_loss"].size() == 3);
  for (const auto& example : pencil["cosine_loss"]) {
    check_cosine_case<TestType>(example);
  }
}

TEMPLATE_TEST_CASE("both losses equal PyTorch on random rows",
                   "[goldens]",
                   float,
                   double) {
  const Goldens goldens("distillation/losses.safetensors");
  const auto student = goldens.matrix<TestType>("student");
  const auto teacher = goldens.matrix<TestType>("teacher");
  for (const std::string name : {"soft_1", "soft_2", "soft_4.5"}) {
    INFO(name);
    const auto temperature =
        static_cast<TestType>(std::stod(name.substr(sizeof("soft"))));
    const auto result = distillation_loss(student, teacher, temperature);
    require_loss_equal(result.loss,
                       goldens.matrix<double>("loss." + name)(0, 0));
    require_forward_equal(result.gradient,
                          goldens.matrix<double>("gradient." + name),
                          "gradient");
  }
  const auto result = cosine_loss(student, teacher);
  require_loss_equal(result.loss, goldens.matrix<double>("loss.cosine")(0, 0));
  require_forward_equal(result.gradient,
                        goldens.matrix<double>("gradient.cosine"),
                        "gradient.cosine");
}

TEST_CASE("both losses have the gradient that central differences measure") {
  const auto student = random_parameter(1);
  const Matrix<double> teacher = random_matrix<double>(6, 5, 2);
  const auto watched = [&](Tape<double>* tape) {
    return use(Context<double>{.tape = tape}, student);
  };
  for (const double temperature : {0.5, 1.0, 3.0}) {
    REQUIRE(gradient_error(
                [&](Tape<double>* tape) {
                  return distillation_loss(watched(tape), teacher, temperature);
                },
                student) < 1e-7);
  }
  REQUIRE(gradient_error(
              [&](Tape<double>* tape) {
                return cosine_loss(watched(tape), teacher);
              },
              student) < 1e-7);
}

TEST_CASE("shifting all logits of a row changes nothing, however far") {
  const Matrix<double> student = random_matrix<double>(4, 6, 3);
  const Matrix<double> teacher = random_matrix<double>(4, 6, 4);
  const auto expected = distillation_loss(student, teacher, 2.0);
  Matrix<double> shifted = student;
  for (double& value : values(shifted)) {
    value += 4096;
  }
  const auto found = distillation_loss(shifted, teacher, 2.0);
  REQUIRE(std::abs(found.loss - expected.loss) < 1e-11);
  REQUIRE(distillation_loss(student, student, 2.0).loss == 0);
}

TEST_CASE("a student that points where its teacher does has no cosine loss") {
  Matrix<double> student = random_matrix<double>(3, 8, 5);
  const Matrix<double> teacher = student;
  for (double& value : values(student)) {
    value *= 7;
  }
  REQUIRE(std::abs(cosine_loss(student, teacher).loss) < 1e-12);
  for (double& value : values(student)) {
    value = -value;
  }
  REQUIRE(std::abs(cosine_loss(student, teacher).loss - 2) < 1e-12);
}

TEST_CASE("losses of no rows are NaN, as in the reference") {
  const Matrix<double> nothing = make_matrix<double>(0, 4);
  REQUIRE(std::isnan(distillation_loss(nothing, nothing, 2.0).loss));
  REQUIRE(std::isnan(cosine_loss(nothing, nothing).loss));
}

TEST_CASE("losses of matrices that don't match are refused") {
  const Matrix<double> student = zeros<double>(3, 4);
  const Matrix<double> teacher = zeros<double>(3, 5);
  REQUIRE_THROWS_AS(distillation_loss(student, teacher, 2.0), std::logic_error);
  REQUIRE_THROWS_AS(cosine_loss(student, teacher), std::logic_error);
}

TEST_CASE("a student that isn't recorded has losses without a tape") {
  const Variable<double> student(random_matrix<double>(3, 4, 6));
  const Matrix<double> teacher = random_matrix<double>(3, 4, 7);
  const Variable<double> soft = distillation_loss(student, teacher, 2.0);
  const Variable<double> cosine = cosine_loss(student, teacher);
  REQUIRE(soft.tape() == nullptr);
  REQUIRE(cosine.tape() == nullptr);
  REQUIRE(soft.value()(0, 0) ==
          distillation_loss(student.value(), teacher, 2.0).loss);
  REQUIRE(cosine.value()(0, 0) == cosine_loss(student.value(), teacher).loss);
}
