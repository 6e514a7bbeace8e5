// Fine-tuning the real MiniLM checkpoint on real GLUE data beside PyTorch:
// dropout off, the same new classifier, the same order of examples. The
// losses and predictions of two references are in tests/golden/training.
//
// The first fifty steps are a test; the whole fine-tuning takes minutes and is
// a command of its own, "./dev bench parity", which runs the hidden case. It
// names the reference's files, without their endings, in
// DISTILBERT_PARITY_REFERENCE, and in DISTILBERT_PARITY_RESULTS the file that
// the figures go to before they are judged.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch08_training/trainer.hpp"
#include "ch10_glue/encode_examples.hpp"
#include "ch10_glue/evaluate_model.hpp"
#include "ch10_glue/task_model.hpp"
#include "ch10_glue/task_training.hpp"
#include "common/json.hpp"
#include "common/write_file_atomically.hpp"
#include "goldens.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)
using distilbert::testing::golden_path;
using distilbert::testing::Goldens;

namespace {

// With sanitizers a step takes ten times as long, and a few of them have run
// all of the code.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t kFirstSteps = 3;
#else
constexpr std::size_t kFirstSteps = 50;
#endif
// Of a loss, or of 0.1 where it is smaller (design 5a).
constexpr double kLossTolerance = 1e-3;

std::filesystem::path path_from(const char* variable,
                                const std::filesystem::path& otherwise) {
  const char* const value = std::getenv(variable);
  return value != nullptr ? value : DISTILBERT_SOURCE_DIR / otherwise;
}

std::filesystem::path glue() {
  return path_from("DISTILBERT_GLUE",
                   path_from("DISTILBERT_DATA", "../shared/data") / "glue");
}

std::filesystem::path minilm() {
  return path_from("DISTILBERT_MINILM", "downloads/minilm-l6-v2");
}

// A reference's run, with everything of ours that repeats it.
class ParityRun {
 public:
  /// `reference` is the path of its files without their endings, and ends in
  /// the task's name.
  explicit ParityRun(const std::filesystem::path& reference)
      : task_(find_task(reference.filename().string())),
        reference_(parse_json_file(reference.string() + ".json")),
        order_(reference.string() + "_order.safetensors"),
        model_(load_task_model(
                   task_, ModelFolder(minilm()), MissingHead::kInitialize, 0)
                   .model),
        train_(read(Split::kTrain)),
        dev_(read(Split::kDev)) {
    const Goldens head(reference.string() + "_head.safetensors");
    for (const auto& parameter : model_->parameters().parameters()) {
      if (head.has(parameter->name)) {
        *parameter->value = head.matrix<float>(parameter->name);
      }
    }
  }

  [[nodiscard]] const nlohmann::json& reference() const { return reference_; }

  /// Trains until `steps` are done.
  TrainingReport train_steps(std::size_t steps) {
    TrainingTask training;
    training.parameters = model_->parameters().parameters();
    training.examples = train_.examples.size();
    training.loss = finetuning_loss(*model_, train_, task_);
    training.order = [this](std::size_t epoch) {
      const auto all = order_.integers<std::size_t>("order");
      const std::span<const std::size_t> order = std::span(all).subspan(
          epoch * train_.examples.size(), train_.examples.size());
      return std::vector<std::size_t>(order.begin(), order.end());
    };
    TrainingOptions options;
    options.epochs = reference_["recipe"]["epochs"].get<std::size_t>();
    options.dropout = false;
    std::size_t done = 0;
    TrainingObserver observer;
    observer.stepped = [&done](const StepReport& step) { done = step.step; };
    return train(training, options, "", observer,
                 [&] { return done >= steps; });
  }

  [[nodiscard]] Predictions predictions() const {
    return predict_examples(*model_, task_, dev_.encodings);
  }

  [[nodiscard]] Evaluation evaluation() const {
    return evaluate_predictions(task_, predictions(), dev_.examples);
  }

 private:
  TaskTrainingData read(Split split) {
    constexpr std::size_t kMaxLength = 128;
    TaskTrainingData data;
    data.examples =
        read_examples(task_, split_files(task_, glue(), split).front(), split)
            .examples;
    data.encodings = encode_examples(Tokenizer::from_folder(minilm()),
                                     data.examples, kMaxLength);
    return data;
  }

  const Task& task_;
  nlohmann::json reference_;
  Goldens order_;
  std::unique_ptr<Model<float>> model_;
  TaskTrainingData train_;
  TaskTrainingData dev_;
};

bool is_possible(const std::filesystem::path& reference) {
  if (!std::filesystem::exists(glue())) {
    WARN("skipped: no GLUE data at " << glue());
    return false;
  }
  if (!std::filesystem::exists(minilm())) {
    WARN("skipped: no MiniLM at " << minilm() << "; ./dev fetch minilm");
    return false;
  }
  if (!std::filesystem::exists(reference.string() + ".json")) {
    FAIL("no reference " << reference);
  }
  return true;
}

/// The largest |ours - PyTorch's| / max(PyTorch's, 0.1) of the first losses.
double first_loss_error(const TrainingReport& report,
                        const nlohmann::json& reference) {
  const auto& losses = reference["first_losses"];
  REQUIRE(losses.size() >= kFirstSteps);
  double largest = 0;
  for (std::size_t i = 0; i < kFirstSteps; ++i) {
    const auto expected = losses[i].get<double>();
    const double error = std::abs(report.losses.at(i) - expected);
    largest = std::max(largest, error / std::max(expected, 0.1));
  }
  return largest;
}

double share_of_equal(const Predictions& predictions,
                      const nlohmann::json& reference) {
  const auto& expected = reference["dev_predictions"];
  const auto tolerance = reference["prediction_tolerance"].get<double>();
  std::size_t equal = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double found = predictions.labels.empty()
                             ? static_cast<double>(predictions.scores.at(i))
                             : static_cast<double>(predictions.labels.at(i));
    equal += std::abs(found - expected[i].get<double>()) <= tolerance ? 1 : 0;
  }
  return static_cast<double>(equal) / static_cast<double>(expected.size());
}

// 99 %, or what the reference shares with itself on other threads.
double required_share(const nlohmann::json& reference) {
  double share = 0.99;
  for (const auto& rerun : reference["self_agreement"]) {
    share = std::min(share, rerun["share"].get<double>());
  }
  return share;
}

}  // namespace

TEST_CASE("fifty losses of fine-tuning equal PyTorch's", "[parity]") {
  for (const std::string task : {"mrpc", "stsb"}) {
    INFO(task);
    const auto reference = golden_path("training/" + task);
    if (!is_possible(reference)) {
      return;
    }
    ParityRun run(reference);
    REQUIRE(first_loss_error(run.train_steps(kFirstSteps), run.reference()) <=
            kLossTolerance);
  }
}

TEST_CASE("a whole fine-tuning ends in PyTorch's predictions",
          "[.][whole-parity]") {
  const auto reference =
      path_from("DISTILBERT_PARITY_REFERENCE", "tests/golden/training/mrpc");
  INFO(reference);
  REQUIRE(is_possible(reference));
  ParityRun run(reference);
  const auto steps = run.reference()["steps"].get<std::size_t>();
  const TrainingReport report = run.train_steps(steps);
  REQUIRE(report.losses.size() == steps);
  const double loss_error = first_loss_error(report, run.reference());
  const double share = share_of_equal(run.predictions(), run.reference());
  const double required = required_share(run.reference());
  const nlohmann::json results = {
      {"passed", loss_error <= kLossTolerance && share >= required},
      {"steps", steps},
      {"first_losses_relative_error", loss_error},
      {"equal_predictions", share},
      {"required_share", required},
      {"ours", nlohmann::json::parse(to_json(run.evaluation()))["metrics"]},
      {"pytorch", run.reference()["metrics"]}};
  if (const char* const file = std::getenv("DISTILBERT_PARITY_RESULTS")) {
    write_file_atomically(file, results.dump(2));
  }
  CHECK(loss_error <= kLossTolerance);
  CHECK(share >= required);
}
