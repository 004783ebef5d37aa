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
import org.slimquant.model.Reshape;

/**
 * The real numbers of the tensors that are computed already. An image that is flattened stays in
 * ONNX's order until an op needs the model's order, because a dense layer can permute its kernel
 * instead.
 */
final class QdqValues {

  private final OnnxGraph graph;
  private final Map<String, Value> reals = new LinkedHashMap<>();
  // The shapes of the images that were flattened in ONNX's order.
  private final Map<String, List<Integer>> flattened = new LinkedHashMap<>();

  QdqValues(OnnxGraph graph) {
    this.graph = graph;
  }

  void put(IntegerTensor tensor, Value value) {
    reals.put(tensor.name(), value);
  }

  /** Returns a tensor's real numbers, perhaps in the order of an image of ONNX. */
  Value real(IntegerTensor tensor) {
    Value value = reals.get(tensor.name());
    if (value == null) {
      throw new AssertionError("a tensor must be computed before it is read: " + tensor);
    }
    return value;
  }

  /** Returns the shape of the image whose order a flat tensor has, if it is that of ONNX. */
  Optional<List<Integer>> image(IntegerTensor tensor) {
    return Optional.ofNullable(flattened.get(tensor.name()));
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

  /** Adds a reshape. An image that is flattened stays in ONNX's order. */
  Value reshape(Reshape reshape) {
    IntegerTensor from = reshape.input();
    IntegerTensor to = reshape.output();
    String name = reshape.name();
    Value value = ordered(from, name);
    if (Layout.isImage(from) && to.rank() == 1) {
      flattened.put(to.name(), from.shape());
    } else if (Layout.isImage(from)) {
      value = graph.toChannelsLast(value, name);
    }
    value = graph.reshape(value, name, Layout.modelShape(to));
    return Layout.isImage(to) ? graph.toChannelsFirst(value, name) : value;
  }
}
