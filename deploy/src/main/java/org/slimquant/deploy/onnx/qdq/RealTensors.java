package org.slimquant.deploy.onnx.qdq;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.IntegerTensor;

/** The real numbers of the tensors that are computed already. */
final class RealTensors {

  private final OnnxGraph graph;
  private final Map<String, Value> reals = new LinkedHashMap<>();
  // The shapes of the images that were flattened in ONNX's order.
  private final Map<String, List<Integer>> flattened = new LinkedHashMap<>();

  RealTensors(OnnxGraph graph) {
    this.graph = graph;
  }

  void put(IntegerTensor tensor, Value value) {
    reals.put(tensor.name(), value);
  }

  /** Notes that a tensor has the numbers of images in ONNX's order. */
  void flatten(IntegerTensor tensor, IntegerTensor images) {
    flattened.put(tensor.name(), images.shape());
  }

  /** Returns the shape of the images whose numbers a tensor has in ONNX's order. */
  Optional<List<Integer>> flattened(IntegerTensor tensor) {
    return Optional.ofNullable(flattened.get(tensor.name()));
  }

  /** Returns a tensor's real numbers as they were computed. */
  Value real(IntegerTensor tensor) {
    Value value = reals.get(tensor.name());
    if (value == null) {
      throw new AssertionError("a tensor must be computed before it is read: " + tensor);
    }
    return value;
  }

  /** Returns a tensor's real numbers in ONNX's layout. */
  Value ordered(IntegerTensor tensor, String name) {
    Value value = real(tensor);
    List<Integer> image = flattened.get(tensor.name());
    if (image == null) {
      return value;
    }
    List<Long> shape =
        List.of(Value.BATCH, (long) image.get(2), (long) image.get(0), (long) image.get(1));
    Value channelsLast = graph.toChannelsLast(graph.reshape(value, name, shape), name);
    return graph.reshape(channelsLast, name, Layout.shape(tensor));
  }
}
