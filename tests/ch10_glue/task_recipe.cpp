#include "ch10_glue/task_recipe.hpp"

#include <string>
#include <string_view>

#include "catch.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::Error;
using distilbert::RecipeName;
using distilbert::RecipeOverrides;
using distilbert::task_recipe;
using distilbert::TaskRecipe;
using glue_test::contains;

namespace {

RecipeOverrides overrides(std::string_view text) {
  const glue_test::TemporaryFolder folder;
  return RecipeOverrides(folder.write("recipe.json", text));
}

std::string error_of(std::string_view text) {
  return glue_test::message_of<Error>(
      [&] { static_cast<void>(overrides(text)); });
}

}  // namespace

TEST_CASE("the default recipe is finetune's, the other the script's") {
  const TaskRecipe plain = task_recipe(RecipeName::kDefault, "wnli", {}, 7);
  CHECK(plain.training.epochs == 3);
  CHECK(plain.training.learning_rate == 5e-5);
  CHECK(plain.training.seed == 7);
  CHECK(plain.max_length == 128);
  for (const char* const task : {"mrpc", "wnli"}) {
    CHECK(task_recipe(RecipeName::kRunGlue, task, {}, 1).training.epochs == 5);
  }
  const TaskRecipe cola = task_recipe(RecipeName::kRunGlue, "cola", {}, 1);
  CHECK(cola.training.epochs == 3);
  CHECK(cola.training.learning_rate == 2e-5);
}

TEST_CASE("a task's own values go over those for all tasks") {
  const RecipeOverrides given = overrides(
      R"({"cola": {"epochs": 5, "weight-decay": 0.1},
          "all": {"epochs": 2, "max-length": 64, "max-train-rows": 9}})");
  const TaskRecipe cola = task_recipe(RecipeName::kRunGlue, "cola", given, 1);
  CHECK(cola.training.epochs == 5);
  CHECK(cola.training.weight_decay == 0.1);
  CHECK(cola.training.learning_rate == 2e-5);
  CHECK(cola.max_length == 64);
  const TaskRecipe rte = task_recipe(RecipeName::kRunGlue, "rte", given, 1);
  CHECK(rte.training.epochs == 2);
  CHECK(rte.training.weight_decay == 0);
  CHECK(rte.max_train_rows == 9);
}

TEST_CASE("a mistake in the file of overrides is named with its place") {
  CHECK(contains(error_of(R"({"all": {"learning_rate": 1e-5}})"),
                 "recipe.json: all: unknown key \"learning_rate\", expected "
                 "one of \"epochs\", \"batch-size\""));
  CHECK(contains(error_of(R"({"snli": {"epochs": 1}})"),
                 "recipe.json: unknown task \"snli\""));
  CHECK(contains(error_of(R"({"SST-2": {"epochs": 1}})"),
                 "expected the task's name \"sst2\", found \"SST-2\""));
  CHECK(contains(error_of(R"({"rte": {"epochs": 0}})"),
                 "recipe.json: rte: epochs: expected an integer from 1"));
  CHECK(contains(error_of(R"({"rte": {"warmup-ratio": 1.5}})"),
                 "recipe.json: rte: warmup-ratio: expected a number from 0 to "
                 "1"));
  CHECK(contains(error_of(R"({"rte": 3})"), "recipe.json: rte"));
  CHECK(contains(error_of("[]"), "recipe.json"));
}
