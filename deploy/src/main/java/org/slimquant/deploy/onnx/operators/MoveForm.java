package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.MoveNodes;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.CodeRange;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Padding;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;

/** Writes the ops that move elements or choose among them. */
final class MoveForm {

  private final OnnxGraph graph;
  // The shape that a Pad gave to a value. Reshapes may have changed it since.
  private final Map<String, List<Long>> padded = new LinkedHashMap<>();

  MoveForm(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Adds a MaxPool. */
  Uint8Tensor maxPool(MaxPool pool, Uint8Tensor input) {
    // Where codes are negative, the padding is elements of 128, and ONNX Runtime keeps the Pad.
    boolean isMerged = isPadded(input.value()) && input.zeroPoint() == 0;
    Value output =
        graph.add(
            "MaxPool",
            pool.name(),
            Uint8Tensor.TYPE,
            Layout.shape(pool.output()),
            List.of((isMerged ? paddedAgain(pool, input) : input.value()).name()),
            isMerged
                ? Attributes.unpaddedPooling(pool.window())
                : Attributes.pooling(pool.window()));
    return input.as(output, pool.output());
  }

  /** Whether a value is the output of a Pad, once reshapes that have no effect are removed. */
  private boolean isPadded(Value value) {
    return value.shape().equals(padded.get(value.name()));
  }

  /**
   * Returns elements with the padding of a pooling as zeros. If no code is negative, zeros do not
   * change a maximum.
   */
  private Value paddedAgain(MaxPool pool, Uint8Tensor input) {
    Padding padding = pool.window().padding();
    if (padding.equals(Padding.NONE)) {
      return input.value();
    }
    List<Long> shape = input.value().shape();
    return graph.add(
        "Pad",
        pool.name(),
        Uint8Tensor.TYPE,
        List.of(
            shape.get(0),
            shape.get(1),
            shape.get(2) + padding.top() + padding.bottom(),
            shape.get(3) + padding.left() + padding.right()),
        List.of(
            input.value().name(),
            graph.longs(pool.name(), Layout.pads(padding)),
            graph.scalar(Uint8Tensor.TYPE, 0)),
        List.of());
  }

  /**
   * Adds a Pad.
   *
   * @param codes the codes that its output can have
   */
  Uint8Tensor pad(Pad pad, Uint8Tensor input, CodeRange codes) {
    int zeroPoint = Uint8Tensor.zeroPoint(codes);
    Value output =
        graph.add(
            "Pad",
            pad.name(),
            Uint8Tensor.TYPE,
            Layout.shape(pad.output()),
            List.of(
                withZeroPoint(zeroPoint, pad.name(), input).name(),
                graph.longs(pad.name(), Layout.pads(pad)),
                graph.scalar(Uint8Tensor.TYPE, pad.code() + zeroPoint)),
            List.of());
    padded.put(output.name(), output.shape());
    return new Uint8Tensor(output, pad.output(), codes);
  }

  /**
   * Returns elements with a zero point, which is another one if a pad has the first negative code.
   */
  private Value withZeroPoint(int zeroPoint, String name, Uint8Tensor input) {
    if (zeroPoint == input.zeroPoint()) {
      return input.value();
    }
    ElementOps elements = new ElementOps(graph);
    return elements.saturate(
        name, elements.cast(input.value(), name, DataType.INT32), zeroPoint - input.zeroPoint());
  }

  /** Adds a Slice. */
  Uint8Tensor slice(Slice slice, Uint8Tensor input) {
    return input.as(MoveNodes.slice(slice, input.value(), graph), slice.output());
  }

  /** Adds a Transpose. */
  Uint8Tensor transpose(Transpose transpose, Uint8Tensor input) {
    return input.as(MoveNodes.transpose(transpose, input.value(), graph), transpose.output());
  }

  /** Adds a Tile. */
  Uint8Tensor tile(Tile tile, Uint8Tensor input) {
    return input.as(MoveNodes.tile(tile, input.value(), graph), tile.output());
  }

  /** Adds a Reshape, which reads and writes images in the model's layout. */
  Uint8Tensor reshape(Reshape reshape, Uint8Tensor input) {
    String name = reshape.name();
    Value value = input.value();
    if (Layout.isImage(reshape.input())) {
      value = graph.toChannelsLast(value, name);
    }
    value = graph.reshape(value, name, Layout.modelShape(reshape.output()));
    if (Layout.isImage(reshape.output())) {
      value = graph.toChannelsFirst(value, name);
    }
    List<Long> shape = padded.get(input.value().name());
    if (shape != null) {
      padded.put(value.name(), shape);
    }
    return input.as(value, reshape.output());
  }
}
