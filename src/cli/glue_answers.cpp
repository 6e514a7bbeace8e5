#include "cli/glue_answers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ch10_glue/glue_result.hpp"
#include "ch11_speed/fast_pieces.hpp"
#include "cli/is_there.hpp"
#include "common/error.hpp"
#include "common/fingerprint.hpp"
#include "common/interrupt.hpp"
#include "common/json.hpp"
#include "common/mapped_file.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

struct TestSet {
  fs::path questions;
  std::string answers;  ///< the name of the file that answers them
};

// Those of a task that are there.
std::vector<TestSet> test_sets(const Task& task, const fs::path& glue) {
  const auto files = test_files_if_there(task, glue);
  const auto names = submission_names(task);
  std::vector<TestSet> sets;
  sets.reserve(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    sets.push_back({files[i], names.at(i)});
  }
  return sets;
}

// In a run's folder: of each file of answers, what the questions were.
fs::path note_of(const GlueRun& run) {
  return run.folder / "answered.json";
}

TrainingIdentity read_note(const GlueRun& run) {
  const fs::path note = note_of(run);
  return is_there(note)
             ? identity_from_json(parse_json_file(note), note.string())
             : TrainingIdentity();
}

bool is_answered(const GlueRun& run, const TestSet& set) {
  const std::pair entry(set.answers, fingerprint_of_file(set.questions));
  const TrainingIdentity note = read_note(run);
  return std::ranges::find(note, entry) != note.end() &&
         is_there(run.folder / set.answers);
}

// After the answers: one that is killed between the two answers once more.
void note_answered(const GlueRun& run, const TestSet& set) {
  TrainingIdentity note = read_note(run);
  std::erase_if(
      note, [&set](const auto& entry) { return entry.first == set.answers; });
  note.emplace_back(set.answers, fingerprint_of_file(set.questions));
  write_file_atomically(note_of(run), json_text(note, 1) + "\n");
}

void answer(const GlueRun& run,
            const Task& task,
            const TestSet& set,
            const TaskRun& trained,
            const TaskRunOptions& options,
            const RunProgress& progress) {
  const Tokenizer tokenizer = Tokenizer::from_folder(trained.folder.path());
  Progress silent;
  const TaskTrainingData data = read_task_data(
      task, set.questions, Split::kTest, tokenizer, options.data, silent);
  const auto done = [&](std::size_t rows) {
    progress.stepped(1, 1,
                     fmt::format("{}, {}: {}/{}", name_of(run), set.answers,
                                 rows, data.examples.size()));
    if (InterruptGuard::is_requested()) {
      fail("stopped while it answered {}; the same command goes on",
           set.questions.string());
    }
  };
  const Predictions predictions =
      predict_file(trained.model, task, set.questions, data, done);
  write_file_atomically(run.folder / set.answers,
                        submission_tsv(task, predictions));
  note_answered(run, set);
}

std::vector<const Task*> answered_tasks(const Task& task) {
  const Task* const other = answered_besides(task);
  return other == nullptr ? std::vector{&task} : std::vector{&task, other};
}

// A score that isn't defined, a collapsed run's, is below all others.
double last_score(const fs::path& result) {
  const double score = mean_metric(read_glue_result(result).epochs.back());
  return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
}

const GlueRun* best_run(std::span<const GlueRun> runs, const Task& task) {
  const GlueRun* best = nullptr;
  double best_score = 0;
  for (const GlueRun& run : runs) {
    if (run.task != &task || run.role != GlueRole::kModel ||
        !is_there(run.result())) {
      continue;
    }
    const double score = last_score(run.result());
    if (best == nullptr || score > best_score) {
      best = &run;
      best_score = score;
    }
  }
  return best;
}

void add_answers(const GlueRun& run, const TestSet& set, Answers& answers) {
  if (is_answered(run, set)) {
    const auto file = MappedFile::open(run.folder / set.answers);
    answers.files.push_back({set.answers, std::string(file->text())});
  } else {
    answers.missing.push_back(fmt::format(
        "{}: {} was finished without this test set; remove it to run it anew",
        set.questions.string(), run.folder.string()));
  }
}

}  // namespace

void answer_test_sets(const GlueRun& run,
                      const TaskRun& trained,
                      const TaskRunOptions& options,
                      const RunProgress& progress) {
  if (run.role != GlueRole::kModel) {
    return;
  }
  const FastEvaluation fast(trained.model);
  for (const Task* const task : answered_tasks(*run.task)) {
    for (const TestSet& set : test_sets(*task, options.data.data)) {
      if (!is_answered(run, set)) {
        answer(run, *task, set, trained, options, progress);
      }
    }
  }
}

Answers best_answers(const GlueOptions& options) {
  const std::vector<GlueRun> runs = runs_in(options.output);
  Answers answers;
  for (const Task* const trained : chosen_tasks({"all"})) {
    const GlueRun* const run = best_run(runs, *trained);
    if (run == nullptr) {
      continue;
    }
    for (const Task* const task : answered_tasks(*trained)) {
      for (const TestSet& set : test_sets(*task, options.data)) {
        add_answers(*run, set, answers);
      }
    }
  }
  return answers;
}

}  // namespace distilbert::cli
