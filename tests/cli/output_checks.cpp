#include "cli/output_checks.hpp"

#include <sys/stat.h>

#include "ch07_distilbert/load_model.hpp"
#include "expect_error.hpp"
#include "goldens.hpp"
#include "temporary_folder.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::cli;      // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

LoadedModel<float> open_golden(const std::string& name) {
  return load_model<float>(ModelFolder(golden_path("models/" + name)));
}

}  // namespace

TEST_CASE("a file is put beside others and over files but not over devices") {
  const TemporaryFolder folder;
  REQUIRE_NOTHROW(check_output_file(folder.path() / "new"));
  REQUIRE_NOTHROW(check_output_file(folder.write("old", "text")));
  expect_error([&] { check_output_file(folder.path()); },
               {folder.path().string(), "folder"});
  const auto pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  expect_error([&] { check_output_file(pipe); }, {pipe.string(), "device"});
}

TEST_CASE("glue's folder and a training's are kept apart") {
  const TemporaryFolder folder;
  REQUIRE_NOTHROW(check_glue_output(folder.path()));
  folder.write("training.safetensors", "");
  expect_error([&] { check_glue_output(folder.path()); },
               {folder.path().string(), "found a training"});
  folder.write("config.json", "{}");
  expect_error([&] { check_glue_output(folder.path()); },
               {folder.path().string(), "found a model"});
  folder.write("glue.json", "[]");
  expect_error([&] { check_training_output(folder.path()); },
               {folder.path().string(), "results of the command glue"});
}

TEST_CASE("training goes to new folders and to those of a training") {
  const TemporaryFolder folder;
  REQUIRE_NOTHROW(check_training_output(folder.path()));
  REQUIRE_NOTHROW(check_training_output(folder.path() / "new"));
  folder.write("notes.txt", "mine");
  REQUIRE_NOTHROW(check_training_output(folder.path()));
  folder.write("config.json", "{}");
  expect_error([&] { check_training_output(folder.path()); },
               {folder.path().string(), "another model"});
  folder.write("training.safetensors", "");
  REQUIRE_NOTHROW(check_training_output(folder.path()));
}

TEST_CASE("a model is saved again over itself and never over another one") {
  const TemporaryFolder folder;
  const auto model = open_golden("bert_body");
  const auto other = open_golden("bert_sequence_classification");
  REQUIRE_NOTHROW(check_model_output(folder.path(), *model.model));
  save_model(*model.model, folder.path());
  REQUIRE_NOTHROW(check_model_output(folder.path(), *model.model));
  expect_error([&] { check_model_output(folder.path(), *other.model); },
               {folder.path().string(), "another model"});
  // One bit of one weight is another model.
  const auto changed = open_golden("bert_body");
  values(*changed.model->parameters().parameters().back()->value)[0] += 1;
  expect_error([&] { check_model_output(folder.path(), *changed.model); },
               {folder.path().string(), "another model"});
  folder.write("training.safetensors", "");
  expect_error([&] { check_model_output(folder.path(), *model.model); },
               {folder.path().string(), "another model"});
}
