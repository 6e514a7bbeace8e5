#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "ch01_tensor/blas_kernel.hpp"
#include "cli/command.hpp"
#include "cli/whole_numbers.hpp"
#include "common/error.hpp"
#include "common/printable.hpp"
#include "common/threads.hpp"

namespace distilbert::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr std::size_t kMostThreads = 1024;

// OpenBLAS chooses its kernel when it is loaded. Where it chose one older than
// the processor, the program starts itself again with the right one named, once
// and never against the user's own choice.
void use_the_right_blas_kernel(char** arguments) {
  constexpr const char* kVariable = "OPENBLAS_CORETYPE";
  if (std::getenv(kVariable) != nullptr) {
    return;
  }
  const std::string recommended = recommended_blas_kernel(processor_flags());
  if (!blas_kernel_is_outdated(active_blas_kernel(), recommended)) {
    return;
  }
  // With the variable set, the second start returns above.
  setenv(kVariable, recommended.c_str(), 0);
  execv("/proc/self/exe", arguments);
  unsetenv(kVariable);  // exec failed: slower, but right
}

void add_commands(CLI::App& program, Globals& globals) {
  add_tokenize(program, globals);
  add_forward(program, globals);
  add_inspect(program, globals);
  add_extract(program, globals);
  add_finetune(program, globals);
  add_distill(program, globals);
  add_evaluate(program, globals);
  add_glue(program, globals);
  add_check_submission(program, globals);
  add_classify(program, globals);
  add_embed(program, globals);
  add_similar(program, globals);
  add_fill_mask(program, globals);
}

// One line, whatever names of files and options the message repeats.
void print_error(const std::exception& error, const char* advice = "") {
  constexpr std::size_t kLongest = 1 << 20;
  std::cerr << "distilbert: " << printable(error.what(), kLongest) << advice
            << '\n';
}

// Ends and errors of the input look alike to those who read lines.
void check_streams() {
  if (std::ferror(stdin) != 0) {
    fail("standard input can't be read");
  }
  std::cout.flush();
  if (!std::cout) {
    fail("the output can't be written");
  }
}

int run(int argument_count, char** arguments) {
  Globals globals;
  CLI::App program(
      "DistilBERT from scratch: tokenize, run, train and distil "
      "BERT models on a CPU.",
      "distilbert");
  program.set_version_flag("--version", "distilbert " DISTILBERT_VERSION);
  program
      .add_option("--threads", globals.threads,
                  "how many threads to use (default: all processors)")
      ->check(CLI::Range(std::size_t{0}, kMostThreads));
  program.add_flag("--quiet", globals.quiet, "no progress and no notes");
  program.require_subcommand(1);
  program.fallthrough();
  program.parse_complete_callback([&globals] {
    set_thread_count(globals.threads);
    if (!globals.quiet && isatty(STDERR_FILENO) != 0) {
      globals.progress = std::make_unique<Progress>(std::cerr);
    }
  });
  add_commands(program, globals);
  check_whole_numbers(program);
  try {
    program.parse(argument_count, arguments);
    check_streams();
    return EXIT_SUCCESS;
  } catch (const CLI::Success& asked_for_help) {
    return program.exit(asked_for_help);
  } catch (const CLI::ParseError& error) {
    print_error(error, "; --help says what there is");
    return kWrongUsage;
  } catch (const UsageError& error) {
    print_error(error);
    return kWrongUsage;
  } catch (const std::bad_alloc&) {
    std::cerr << "distilbert: out of memory\n";
    return kFailed;
  } catch (const std::exception& error) {
    print_error(error);
    return kFailed;
  }
}

}  // namespace
}  // namespace distilbert::cli

int main(int argument_count, char** arguments) {
  try {
    distilbert::cli::use_the_right_blas_kernel(arguments);
    return distilbert::cli::run(argument_count, arguments);
  } catch (const std::exception& error) {
    distilbert::cli::print_error(error);
    return distilbert::cli::kFailed;
  }
}
