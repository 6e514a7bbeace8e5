#include "ch08_training/receives_weight_decay.hpp"

#include "catch.hpp"

using namespace distilbert;

TEST_CASE("weights of linear layers and embeddings decay") {
  for (const char* name : {"bert.embeddings.word_embeddings.weight",
                           "bert.encoder.layer.0.attention.self.query.weight",
                           "distilbert.transformer.layer.3.ffn.lin1.weight",
                           "cls.predictions.transform.dense.weight",
                           "classifier.weight", "vocab_projector.weight"}) {
    INFO(name);
    CHECK(receives_weight_decay(name));
  }
}

TEST_CASE("biases and normalisations don't decay, DistilBERT's included") {
  for (const char* name :
       {"bert.encoder.layer.0.attention.self.query.bias",
        "cls.predictions.bias", "classifier.bias",
        "bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.bias",
        "distilbert.transformer.layer.0.sa_layer_norm.weight",
        "distilbert.transformer.layer.5.output_layer_norm.weight",
        "vocab_layer_norm.weight", "vocab_layer_norm.bias"}) {
    INFO(name);
    CHECK_FALSE(receives_weight_decay(name));
  }
}

TEST_CASE("a norm is a part of a name, not a piece of a word") {
  CHECK_FALSE(receives_weight_decay("norm"));
  CHECK_FALSE(receives_weight_decay("norm.weight"));
  CHECK_FALSE(receives_weight_decay("layers.0.Norm.weight"));
  CHECK_FALSE(receives_weight_decay("block.final_norm"));
  CHECK_FALSE(receives_weight_decay("block.RMSNorm_2.weight"));
  CHECK_FALSE(receives_weight_decay("relative_attention_bias.weight"));
  CHECK(receives_weight_decay("normal.weight"));
  CHECK(receives_weight_decay("block.norm_in.weight"));
  CHECK(receives_weight_decay("block.finalnorm.weight"));
  CHECK(receives_weight_decay(""));
}
