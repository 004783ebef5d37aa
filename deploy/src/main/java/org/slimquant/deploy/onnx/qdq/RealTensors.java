package org.slimquant.deploy.onnx.qdq;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.IntegerTensor;

/**
 * The real numbers of the tensors that are computed already.
 *
 * <p>An image that is flattened stays in ONNX's order, because a dense layer can permute its kernel
 * instead. Any other reader gets the elements in order.
 */
final class RealTensors {

  private final OnnxGraph graph;
  private final Map<String, Value> values = new LinkedHashMap<>();
  // The shapes of the images that were flattened in ONNX's order.
  private final Map<String, List<Integer>> flattened = new LinkedHashMap<>();

  RealTensors(OnnxGraph graph) {
    this.graph = graph;
  }

  void put(IntegerTensor tensor, Value value) {
    values.put(tensor.name(), value);
  }

  /** Notes that a tensor has the elements of an image in ONNX's order. */
  void flatten(IntegerTensor image, IntegerTensor flat) {
    flattened.put(flat.name(), image.shape());
  }

  /** Returns the shape of the image whose elements a tensor has in ONNX's order. */
  Optional<List<Integer>> image(IntegerTensor flat) {
    return Optional.ofNullable(flattened.get(flat.name()));
  }

  /** Returns a tensor's real numbers, in whichever order. */
  Value of(IntegerTensor tensor) {
    Value value = values.get(tensor.name());
    if (value == null) {
      throw new AssertionError("a tensor must be computed before it is read: " + tensor);
    }
    return value;
  }

  /** Returns a tensor's real numbers in ONNX's layout. */
  Value ordered(IntegerTensor tensor, String name) {
    Value value = of(tensor);
    List<Integer> image = flattened.get(tensor.name());
    if (image == null) {
      return value;
    }
    List<Long> shape =
        List.of(Value.BATCH, (long) image.get(2), (long) image.get(0), (long) image.get(1));
    Value channelsLast = graph.toChannelsLast(graph.reshape(value, name, shape), name);
    return graph.reshape(channelsLast, name, Layout.shape(tensor));
  }

  /** Adds the node that computes an output of the model. */
  Value last(IntegerTensor tensor) {
    Value output = Layout.reals(tensor);
    Value last = ordered(tensor, output.name());
    if (Layout.isImage(tensor)) {
      graph.addLast(
          "Transpose", output, List.of(last.name()), List.of(Attributes.TO_CHANNELS_LAST));
    } else {
      graph.addLast("Identity", output, List.of(last.name()), List.of());
    }
    return output;
  }
}
