#include "minilm_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

TEST_CASE("the MiniLM checkpoint gives what it gives in transformers") {
  const auto folder = minilm_checkpoint();
  if (!folder) {
    return;
  }
  const auto loaded = load_model<float>(ModelFolder(*folder));
  for (const bool plain : {false, true}) {
    INFO((plain ? "plain pieces" : "fused pieces"));
    loaded.model->pieces() =
        plain ? plain_pieces<float>() : fused_pieces<float>();
    check_minilm(*loaded.model, "texts");
    check_minilm(*loaded.model, "pairs");
  }
}
