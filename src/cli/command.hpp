#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "common/progress.hpp"

namespace distilbert::cli {

/// What every command shares.
struct Globals {
  std::size_t threads = 0;  ///< 0: as many as there are processors
  bool quiet = false;
  /// Progress and notes; silent where stderr is no terminal or --quiet is
  /// given.
  std::unique_ptr<Progress> progress = std::make_unique<Progress>();
};

/// Each adds one command to the program. The command's work is done in its
/// callback, which throws on failure.
void add_tokenize(CLI::App& program, Globals& globals);
void add_forward(CLI::App& program, Globals& globals);
void add_inspect(CLI::App& program, Globals& globals);
void add_extract(CLI::App& program, Globals& globals);
void add_finetune(CLI::App& program, Globals& globals);
void add_distill(CLI::App& program, Globals& globals);
void add_evaluate(CLI::App& program, Globals& globals);
void add_glue(CLI::App& program, Globals& globals);
void add_check_submission(CLI::App& program, Globals& globals);
void add_classify(CLI::App& program, Globals& globals);
void add_embed(CLI::App& program, Globals& globals);
void add_similar(CLI::App& program, Globals& globals);
void add_fill_mask(CLI::App& program, Globals& globals);

/// A command with its callback. What `options` holds lives as long as the
/// command.
template <class Options>
void on_run(CLI::App& command,
            const std::shared_ptr<Options>& options,
            const std::function<void(const Options&)>& work) {
  command.callback([options, work] { work(*options); });
}

}  // namespace distilbert::cli
