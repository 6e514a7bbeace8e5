"""CTranslate2, as a peer of the bench (see peer.py). It computes hidden states and the
pooler; the classifier on top of them is NumPy's, which is next to nothing."""

import ctranslate2
import numpy as np
from peer import Peer, serve
from peer_texts import Text, padded
from safetensors.numpy import load_file


class CTranslate2(Peer):
    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        # "int8" leaves the other layers the type of the file, which is float32.
        compute_type = {"fp32": "float32", "int8": "int8"}[self.precision]
        self.encoder = ctranslate2.Encoder(str(self.folder / "ctranslate2"), device="cpu",
                                           compute_type=compute_type, inter_threads=1,
                                           intra_threads=self.threads)
        tensors = load_file(self.folder / "model.safetensors")
        self.head = {name: tensors[name] for name in
                     ("classifier.weight", "classifier.bias", "pre_classifier.weight",
                      "pre_classifier.bias") if name in tensors}

    def batch(self, texts: list[Text]) -> tuple:
        ids = padded(texts)["input_ids"].astype(np.int32)
        lengths = np.array([len(text) for text in texts], np.int32)
        longest = ids.shape[1]
        types = [text.type_ids + [0] * (longest - len(text)) for text in texts]
        return (ctranslate2.StorageView.from_array(ids),
                ctranslate2.StorageView.from_array(lengths),
                None if "pre_classifier.weight" in self.head else types, (ids, lengths))

    def run(self, batch: tuple) -> np.ndarray:
        ids, lengths, types, _ = batch
        output = self.encoder.forward_batch(ids, lengths, types)
        head = self.head
        if "pre_classifier.weight" in head:
            first = np.array(output.last_hidden_state)[:, 0]
            x = np.maximum(first @ head["pre_classifier.weight"].T + head["pre_classifier.bias"],
                           0)
        else:
            x = np.array(output.pooler_output)
        return x @ head["classifier.weight"].T + head["classifier.bias"]


if __name__ == "__main__":
    serve(CTranslate2)
