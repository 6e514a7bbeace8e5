// Models call the pieces they hold: exchanged ones are really used, as often as
// there are layers.

#include "ch06_bert/pieces.hpp"

#include "ch07_distilbert/load_model.hpp"
#include "golden_batch.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

struct Calls {
  std::size_t linear = 0;
  std::size_t linear_gelu = 0;
  std::size_t attention = 0;
  std::size_t residual_layer_norm = 0;
};

// The given pieces, counting their calls.
Pieces<float> counting(const Pieces<float>& pieces, Calls& calls) {
  const auto counted = [](auto piece, std::size_t& count) {
    return [piece, &count](const auto&... arguments) {
      ++count;
      return piece(arguments...);
    };
  };
  return {counted(pieces.linear, calls.linear),
          counted(pieces.linear_gelu, calls.linear_gelu),
          counted(pieces.attention, calls.attention),
          counted(pieces.residual_layer_norm, calls.residual_layer_norm)};
}

}  // namespace

TEST_CASE("each piece is called once a layer, the linear one four times") {
  for (const std::string name : {"bert_body", "distilbert_body"}) {
    INFO(name);
    const auto loaded =
        load_model<float>(ModelFolder(golden_path("models/" + name)));
    const Goldens goldens("models/" + name + "/expected.safetensors");
    Calls calls;
    loaded.model->pieces() = counting(fused_pieces<float>(), calls);
    const auto output =
        loaded.model->body(batch_of(goldens), {}, HiddenStates::kLast);
    REQUIRE(loaded.model->config().layers == 3);
    REQUIRE(calls.attention == 3);
    REQUIRE(calls.linear_gelu == 3);
    REQUIRE(calls.residual_layer_norm == 6);
    // Query, key, value, the attention's output and the feed-forward's; the
    // pooler's besides.
    REQUIRE(calls.linear == 15 + (name == "bert_body" ? 1 : 0));
    require_forward_equal(output.last_hidden_state().value(),
                          goldens.matrix<double>("hidden_states.3"), name);
  }
}

TEST_CASE("an exchanged piece changes the outputs after the embeddings") {
  const auto loaded =
      load_model<float>(ModelFolder(golden_path("models/distilbert_body")));
  const Goldens goldens("models/distilbert_body/expected.safetensors");
  const auto before =
      loaded.model->forward(batch_of(goldens), {}, HiddenStates::kAll);
  loaded.model->pieces().attention =
      [](const Variable<float>& q, const Variable<float>&,
         const Variable<float>&, const AttentionLayout&,
         const std::optional<AttentionDropout>&) { return q; };
  const auto after =
      loaded.model->forward(batch_of(goldens), {}, HiddenStates::kAll);
  REQUIRE((after.hidden_states[0].value() == before.hidden_states[0].value()));
  REQUIRE((after.hidden_states[1].value() != before.hidden_states[1].value()));
}

TEST_CASE("pieces belong to one model") {
  const ModelFolder folder(golden_path("models/distilbert_body"));
  const auto one = load_model<float>(folder);
  const auto other = load_model<float>(folder);
  Calls calls;
  one.model->pieces() = counting(plain_pieces<float>(), calls);
  const Goldens goldens("models/distilbert_body/expected.safetensors");
  static_cast<void>(other.model->forward(batch_of(goldens)));
  REQUIRE(calls.linear == 0);
}
