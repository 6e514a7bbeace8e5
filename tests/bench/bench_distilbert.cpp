// Our side of the bench. Reads one request per line and answers each with the
// seconds it took:
//   forward BATCH ROWS    the first ROWS texts in batches of BATCH
//   train BATCH STEPS     so many training steps
// Texts are encoded before, and a first answer "ready" says so. run.py talks to
// every peer in this way.

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <numeric>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "ch08_training/trainer.hpp"
#include "ch10_glue/compute_logits.hpp"
#include "ch10_glue/encode_examples.hpp"
#include "ch10_glue/task_model.hpp"
#include "ch10_glue/task_training.hpp"
#include "common/error.hpp"
#include "common/threads.hpp"

namespace {

using namespace distilbert;

constexpr std::size_t kMaxLength = 128;

double seconds_of(const std::function<void()>& work) {
  const auto started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                       started)
      .count();
}

TaskTrainingData read(const Task& task,
                      const ModelFolder& folder,
                      const std::string& glue,
                      Split split) {
  TaskTrainingData data;
  data.examples =
      read_examples(task, split_files(task, glue, split).front(), split)
          .examples;
  data.encodings = encode_examples(Tokenizer::from_folder(folder.path()),
                                   data.examples, kMaxLength);
  return data;
}

class Bench {
 public:
  Bench(const Task& task, const ModelFolder& folder, const std::string& glue)
      : model_(
            load_task_model(task, folder, MissingHead::kInitialize, 1).model),
        dev_(read(task, folder, glue, Split::kDev)),
        train_(read(task, folder, glue, Split::kTrain)),
        loss_(finetuning_loss(*model_,
                              train_,
                              task.regression,
                              match_labels(task, model_->config().labels))) {}

  double forward(std::size_t batch, std::size_t rows) {
    const std::span<const Encoding> texts = dev_.encodings;
    return seconds_of([&] {
      compute_logits(*model_, texts.first(std::min(rows, texts.size())), batch);
    });
  }

  double train_steps(std::size_t batch, std::size_t steps) {
    TrainingTask training;
    training.parameters = model_->parameters().parameters();
    training.examples = std::min(train_.examples.size(), batch * steps);
    training.loss = loss_;
    training.order = [&](std::size_t) {
      std::vector<std::size_t> order(training.examples);
      std::iota(order.begin(), order.end(), std::size_t{0});
      return order;
    };
    TrainingOptions options;
    options.batch_size = batch;
    options.epochs = 1;
    return seconds_of([&] { train(training, options, ""); });
  }

 private:
  std::unique_ptr<Model<float>> model_;
  TaskTrainingData dev_;
  TaskTrainingData train_;
  BatchLoss<float> loss_;
};

void serve(Bench& bench) {
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string what;
    std::size_t batch = 0;
    std::size_t count = 0;
    words >> what >> batch >> count;
    std::cout << (what == "forward" ? bench.forward(batch, count)
                                    : bench.train_steps(batch, count))
              << std::endl;
  }
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 5) {
    std::cerr << "usage: bench_distilbert TASK MODEL GLUE THREADS\n";
    return 2;
  }
  try {
    set_thread_count(std::stoul(arguments[4]));
    Bench bench(find_task(arguments[1]), find_model(arguments[2]),
                arguments[3]);
    serve(bench);
  } catch (const std::exception& error) {
    std::cerr << "bench_distilbert: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
