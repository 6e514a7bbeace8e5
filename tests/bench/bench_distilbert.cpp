// Our side of the bench. Answers "ready", then each line of the standard input
// with a line of numbers, or with "error: ..." where it can't:
//   forward TASK BATCH COUNT ORDER   seconds for the first COUNT texts of the
//                                    dev set; ORDER means something to peers
//                                    that pad, and nothing here
//   latency TASK COUNT               seconds for each of them alone
//   length LENGTH BATCH              seconds for BATCH texts of LENGTH tokens
//   train TASK BATCH STEPS PADDING   seconds for STEPS steps of fine-tuning
//   distill TASK BATCH STEPS         ... of masked-LM distillation, MODEL/teacher
//                                    into MODEL/student
//   train-loss TASK BATCH            the loss of the first batch, no dropout
//   distill-loss TASK BATCH
//   logits TASK COUNT FILE           writes float32 logits, answers how many
//   tokens TASK COUNT                how many tokens these texts have together
//   gemm TASK BATCH COUNT            seconds and operations of bare products
//   peak                             the process's largest resident set, bytes
// Models are opened and texts encoded when they are first asked for, outside
// the time. run.py talks to every peer in this way.

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "bench_gemm.hpp"
#include "bench_texts.hpp"
#include "bench_training.hpp"
#include "ch10_glue/compute_logits.hpp"
#include "common/error.hpp"
#include "common/threads.hpp"
#include "open_model.hpp"
#include "stopwatch.hpp"

namespace distilbert {
namespace {

using Numbers = std::vector<double>;

struct Settings {
  std::filesystem::path model;
  std::filesystem::path glue;
  std::size_t threads;
  std::string precision;
};

// The next word of a request as a T.
template <class T>
T next(std::istream& words) {
  T value{};
  if (!(words >> value)) {
    throw UsageError("a word is missing or no number");
  }
  return value;
}

// A text of `length` tokens that are no special ones.
Encoding made_up_text(std::size_t number, std::size_t length) {
  Encoding text;
  for (std::size_t i = 0; i < length; ++i) {
    text.ids.push_back(
        static_cast<std::int32_t>(1000 + (number * 7919 + i * 104729) % 20000));
  }
  text.type_ids.assign(length, 0);
  return text;
}

double peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return 1024 * std::stod(line.substr(6));
    }
  }
  fail("/proc/self/status has no VmHWM");
}

class Bench {
 public:
  explicit Bench(Settings settings)
      : settings_(std::move(settings)),
        texts_(settings_.model, settings_.glue) {}

  Numbers answer(const std::string& what, std::istream& words) {
    const auto found = requests_.find(what);
    if (found == requests_.end()) {
      throw UsageError("no request " + what);
    }
    return found->second(words);
  }

 private:
  Model<float>& model(Purpose purpose = Purpose::kInference,
                      const std::string& part = "") {
    std::unique_ptr<Model<float>>& model = models_[{purpose, part}];
    if (model == nullptr) {
      model = open_model(settings_.model / part, settings_.precision, purpose);
    }
    return *model;
  }

  std::span<const Encoding> dev_texts(std::istream& words) {
    const auto task = next<std::string>(words);
    return texts_.first(task, Split::kDev, next<std::size_t>(words));
  }

  Numbers forward(std::istream& words) {
    const auto task = next<std::string>(words);
    const auto batch = next<std::size_t>(words);
    const auto texts =
        texts_.first(task, Split::kDev, next<std::size_t>(words));
    const Model<float>& opened = model();
    return {seconds_of([&] { compute_logits(opened, texts, batch); })};
  }

  Numbers latency(std::istream& words) {
    const auto texts = dev_texts(words);
    const Model<float>& opened = model();
    Numbers seconds;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      seconds.push_back(
          seconds_of([&] { compute_logits(opened, texts.subspan(i, 1), 1); }));
    }
    return seconds;
  }

  Numbers length(std::istream& words) {
    const auto length = next<std::size_t>(words);
    std::vector<Encoding> texts(next<std::size_t>(words));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      texts[i] = made_up_text(i, length);
    }
    const Model<float>& opened = model();
    return {seconds_of([&] { compute_logits(opened, texts, texts.size()); })};
  }

  Numbers train(std::istream& words) {
    const auto task = next<std::string>(words);
    const auto batch = next<std::size_t>(words);
    return {time_finetuning(find_task(task), model(Purpose::kTraining),
                            texts_.get(task, Split::kTrain), batch,
                            next<std::size_t>(words))};
  }

  Numbers train_loss(std::istream& words) {
    const auto task = next<std::string>(words);
    return {first_finetuning_loss(find_task(task), model(Purpose::kTraining),
                                  texts_.get(task, Split::kTrain),
                                  next<std::size_t>(words))};
  }

  Numbers distill(std::istream& words) {
    const auto& texts = texts_.get(next<std::string>(words), Split::kTrain);
    const auto batch = next<std::size_t>(words);
    return {time_distillation(model(Purpose::kTraining, "student"),
                              model(Purpose::kInference, "teacher"), texts,
                              batch, next<std::size_t>(words))};
  }

  Numbers distill_loss(std::istream& words) {
    const auto& texts = texts_.get(next<std::string>(words), Split::kTrain);
    return {first_distillation_loss(model(Purpose::kTraining, "student"),
                                    model(Purpose::kInference, "teacher"),
                                    texts, next<std::size_t>(words))};
  }

  Numbers logits(std::istream& words) {
    const auto texts = dev_texts(words);
    const Matrix<float> computed = compute_logits(model(), texts, 32);
    const std::span<const float> numbers = values(computed);
    const auto name = next<std::string>(words);
    std::ofstream file(name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(numbers.data()),
               static_cast<std::streamsize>(numbers.size_bytes()));
    if (!file.flush()) {
      fail("{}: can't be written", name);
    }
    return {static_cast<double>(numbers.size())};
  }

  Numbers tokens(std::istream& words) {
    return {static_cast<double>(pack(dev_texts(words)).tokens())};
  }

  Numbers gemm(std::istream& words) {
    const auto task = next<std::string>(words);
    const auto batch = next<std::size_t>(words);
    const auto texts =
        texts_.first(task, Split::kDev, next<std::size_t>(words));
    std::vector<BatchSize> batches;
    for (std::size_t first = 0; first < texts.size(); first += batch) {
      const std::size_t count = std::min(batch, texts.size() - first);
      batches.push_back({pack(texts.subspan(first, count)).tokens(), count});
    }
    const GemmTimes times = time_bare_gemm(model().config(), batches);
    return {times.seconds, times.operations};
  }

  Settings settings_;
  BenchTexts texts_;
  std::map<std::pair<Purpose, std::string>, std::unique_ptr<Model<float>>>
      models_;
  std::map<std::string, std::function<Numbers(std::istream&)>> requests_{
      {"forward", [this](std::istream& words) { return forward(words); }},
      {"latency", [this](std::istream& words) { return latency(words); }},
      {"length", [this](std::istream& words) { return length(words); }},
      {"train", [this](std::istream& words) { return train(words); }},
      {"train-loss", [this](std::istream& words) { return train_loss(words); }},
      {"distill", [this](std::istream& words) { return distill(words); }},
      {"distill-loss",
       [this](std::istream& words) { return distill_loss(words); }},
      {"logits", [this](std::istream& words) { return logits(words); }},
      {"tokens", [this](std::istream& words) { return tokens(words); }},
      {"gemm", [this](std::istream& words) { return gemm(words); }},
      {"peak", [](std::istream&) { return Numbers{peak_memory()}; }},
  };
};

void serve(Bench& bench) {
  std::cout.precision(12);
  std::cout << "ready" << '\n' << std::flush;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    try {
      for (const double number : bench.answer(what, words)) {
        std::cout << number << ' ';
      }
      std::cout << '\n' << std::flush;
    } catch (const std::exception& error) {
      std::cout << "error: " << error.what() << '\n' << std::flush;
    }
  }
}

}  // namespace
}  // namespace distilbert

int main(int argument_count, char** arguments) {
  if (argument_count != 6) {
    std::cerr
        << "usage: bench_distilbert MODEL GLUE THREADS PRECISION VARIANT\n"
           "VARIANT is for peers and ignored.\n";
    return 2;
  }
  try {
    distilbert::Settings settings{arguments[1], arguments[2],
                                  std::stoul(arguments[3]), arguments[4]};
    distilbert::set_thread_count(settings.threads);
    distilbert::Bench bench(std::move(settings));
    distilbert::serve(bench);
  } catch (const std::exception& error) {
    std::cerr << "bench_distilbert: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
