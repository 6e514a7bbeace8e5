#include <fmt/core.h>

#include <iostream>

#include "ch07_distilbert/extract_student.hpp"
#include "cli/command.hpp"
#include "cli/output_checks.hpp"
#include "cli/task_run.hpp"
#include "common/folder_lock.hpp"

namespace distilbert::cli {
namespace {

struct ExtractOptions {
  std::string teacher;
  std::vector<std::size_t> layers;
  std::string output;
  bool fold_segment = false;
  std::uint64_t seed = 42;
};

void extract(const ExtractOptions& options, const Globals& globals) {
  const ModelFolder folder = find_model(options.teacher);
  const LoadedModel<float> teacher = load_model<float>(folder);
  const LoadedModel<float> student =
      extract_student(*teacher.model, options.layers,
                      options.fold_segment ? SegmentEmbeddings::kFoldZero
                                           : SegmentEmbeddings::kDrop,
                      options.seed);
  note_initialized(student.report, *globals.progress);
  const FolderLock lock(options.output);
  check_model_output(options.output, *student.model);
  copy_tokenizer(folder.path(), options.output);
  save_model(*student.model, options.output);
  std::cout << fmt::format("{}: {} of the teacher's {} layers\n",
                           options.output, options.layers.size(),
                           teacher.model->config().layers);
}

}  // namespace

void add_extract(CLI::App& program, Globals& globals) {
  CLI::App& command = *program.add_subcommand(
      "extract", "a student that starts from some of a teacher's layers");
  const auto options = std::make_shared<ExtractOptions>();
  command.add_option("--teacher", options->teacher, "a BERT model")->required();
  command
      .add_option("--layers", options->layers,
                  "the teacher's layers to take, from 0: 0,2,4,7,9,11")
      ->required()
      ->delimiter(',');
  command.add_option("--output", options->output, "the student's folder")
      ->required();
  command.add_flag("--fold-segment", options->fold_segment,
                   "add the teacher's segment 0 to the word embeddings");
  command.add_option("--seed", options->seed, "of new weights")
      ->capture_default_str();
  on_run<ExtractOptions>(
      command, options,
      [&globals](const ExtractOptions& given) { extract(given, globals); });
}

}  // namespace distilbert::cli
