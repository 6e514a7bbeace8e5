"""ONNX Runtime, as a peer of the bench (see peer.py): the model as prepare_peers.py
exported and optimised it. The session packs the weights of fp32 products by itself,
and its threads spin between two runs, as they do by default."""

import numpy as np
import onnxruntime
from peer import Peer, serve
from peer_texts import Text, padded


class Onnx(Peer):
    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.add_session_config_entry("session.intra_op.allow_spinning", "1")
        self.session = onnxruntime.InferenceSession(
            str(self.folder / "onnx" / f"{self.precision}.onnx"), options,
            providers=["CPUExecutionProvider"])
        self.inputs = {one.name for one in self.session.get_inputs()}

    def batch(self, texts: list[Text]) -> dict[str, np.ndarray]:
        return {name: array for name, array in padded(texts).items() if name in self.inputs}

    def run(self, batch: dict[str, np.ndarray]) -> np.ndarray:
        return self.session.run(None, batch)[0]


if __name__ == "__main__":
    serve(Onnx)
