package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.OpCases;
import org.slimquant.model.Pad;
import org.slimquant.model.Padding;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.CodeRanges;

/**
 * Writes a model as integer ops.
 *
 * <pre>{@code
 * float ─▶ Reshape ─▶ Mul ─▶ Floor ─▶ Add ─▶ QuantizeLinear ─▶ Reshape ─▶ Transpose    rounds half up
 *       ─▶ QLinearConv ─▶ Clip ─▶ …                                      where the range is not all of uint8
 *       ─▶ DequantizeLinear ─▶ float
 * }</pre>
 *
 * <p>ONNX Runtime brings images to NHWC and drops the transposes.
 */
final class OperatorForm implements OpCases<Stored> {

  // By so much that a quotient up to 256 is moved up in float32, but by less than a half.
  private static final float BELOW_TWO = 2 - 0x1p-19f;

  private final IntegerModel model;
  private final OnnxGraph graph;
  private final ElementOps elements;
  private final CodeRanges ranges;
  private final LayerForm layers;
  private final Map<String, Stored> stored = new LinkedHashMap<>();
  // The shape that a Pad gave to a value, which reshapes may have changed since.
  private final Map<String, List<Long>> padded = new LinkedHashMap<>();

  /**
   * Creates a writer.
   *
   * @param int8 whether all layers shall have int8 weights
   */
  OperatorForm(IntegerModel model, boolean int8) {
    this.model = model;
    graph = new OnnxGraph(List.of(model.input().name(), model.output().name()));
    elements = new ElementOps(graph);
    ranges = CodeRanges.computed(model);
    layers = new LayerForm(graph, elements, ranges, int8);
  }

  /** Returns the layers that are exact only where sums of two products do not saturate. */
  Map<String, SaturatingPairs> saturating() {
    return layers.saturating();
  }

  /**
   * Returns the graph.
   *
   * @throws IllegalArgumentException if formats have more than 8 bits or sums more than 32
   */
  GraphProto write() {
    checkBits();
    stored.put(model.input().name(), quantize());
    for (IntegerOp op : model.ops()) {
      stored.put(op.output().name(), op.apply(this));
    }
    return graph.build(
        model.name(),
        new Value(model.input().name(), DataType.FLOAT, Layout.modelShape(model.input())),
        dequantize());
  }

  private void checkBits() {
    for (IntegerTensor tensor : model.tensors()) {
      if (tensor.format().bits() > Stored.BITS) {
        throw new IllegalArgumentException(
            "tensor %s must have at most 8 bits, because ONNX's integer ops have no more, but has %d; write Form.QDQ"
                .formatted(tensor.name(), tensor.format().bits()));
      }
    }
    for (WeightedOp layer : model.layers()) {
      if (layer.kernel().bits() > Stored.BITS) {
        throw new IllegalArgumentException(
            "the kernel of layer %s must have at most 8 bits, because ONNX's integer ops have no more, but has %d; write Form.QDQ"
                .formatted(layer.name(), layer.kernel().bits()));
      }
    }
  }

  /**
   * Adds the input's codes. QuantizeLinear alone would round ties to even. Half of {@code floor(2x)
   * + 1/2} is no tie, and is rounded to what x is rounded half up. Where no code is negative,
   * slightly more than half of {@code floor(2x)} is too.
   */
  private Stored quantize() {
    IntegerTensor tensor = model.input();
    FixedPoint format = tensor.format();
    String name = tensor.name();
    Value input = new Value(name, DataType.FLOAT, Layout.modelShape(tensor));
    CodeRange codes = ranges.of(tensor);
    int zeroPoint = Stored.zeroPoint(codes);
    // ONNX Runtime's arithmetic is slow along a last axis of one channel.
    Value row = graph.reshape(input, name, List.of(Value.BATCH, (long) tensor.size()));
    Value doubled = graph.like(row, "Mul", name, graph.scalar(Math.scalb(1f, 1 - format.frac())));
    Value floor = graph.like(doubled, "Floor", name);
    Value noTie = zeroPoint == 0 ? floor : graph.like(floor, "Add", name, graph.scalar(0.5f));
    Value quantized =
        graph.add(
            "QuantizeLinear",
            name,
            Stored.TYPE,
            noTie.shape(),
            List.of(
                noTie.name(),
                graph.scalar(zeroPoint == 0 ? BELOW_TWO : 2f),
                graph.scalar(Stored.TYPE, zeroPoint)),
            List.of());
    Value clamped = elements.clamp(quantized, name, ElementOps.ANY, zeroPoint, codes);
    Value shaped = graph.reshape(clamped, name, input.shape());
    Value image = Layout.isImage(tensor) ? graph.toChannelsFirst(shaped, name) : shaped;
    return new Stored(image, tensor, codes);
  }

  private Value dequantize() {
    Stored output = stored(model.output());
    String name = output.tensor().name();
    Value elementsOut =
        Layout.isImage(output.tensor())
            ? graph.toChannelsLast(output.value(), name)
            : output.value();
    Value reals = new Value(name, DataType.FLOAT, Layout.modelShape(output.tensor()));
    graph.addLast(
        "DequantizeLinear",
        reals,
        List.of(
            elementsOut.name(),
            graph.scalar(Math.scalb(1f, output.exponent())),
            graph.scalar(Stored.TYPE, output.zeroPoint())),
        List.of());
    return reals;
  }

  private Stored stored(IntegerTensor tensor) {
    Stored made = stored.get(tensor.name());
    if (made == null) {
      throw new AssertionError("a tensor must be computed before it is read: " + tensor);
    }
    return made;
  }

  @Override
  public Stored conv2D(Conv2D conv) {
    return layers.convolve(conv, stored(conv.input()), conv.window(), 1);
  }

  @Override
  public Stored depthwiseConv2D(DepthwiseConv2D conv) {
    int channels = conv.kernel().shape().get(2);
    return layers.convolve(conv, stored(conv.input()), conv.window(), channels);
  }

  @Override
  public Stored dense(Dense dense) {
    return layers.dense(dense, stored(dense.input()));
  }

  @Override
  public Stored averagePool(AveragePool pool) {
    return new AverageForm(graph, elements, ranges).write(pool, stored(pool.input()));
  }

  @Override
  public Stored add(Add add) {
    return new AddForm(graph, elements, ranges).write(add, stored(add.left()), stored(add.right()));
  }

  @Override
  public Stored concat(Concat concat) {
    List<Stored> inputs = concat.inputs().stream().map(this::stored).toList();
    return new GridForm(graph, elements, ranges).concat(concat, inputs);
  }

  @Override
  public Stored requantize(Requantize requantize) {
    return new GridForm(graph, elements, ranges).requantize(requantize, stored(requantize.input()));
  }

  @Override
  public Stored maxPool(MaxPool pool) {
    Stored input = stored(pool.input());
    // Where codes are negative the zeros are elements of 128, and ONNX Runtime leaves the Pad.
    boolean isMerged = isPadded(input.value()) && input.zeroPoint() == 0;
    Value output =
        graph.add(
            "MaxPool",
            pool.name(),
            Stored.TYPE,
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
   * Returns elements with the padding of a pooling as zeros, which are no maximum where no code is
   * negative.
   */
  private Value paddedAgain(MaxPool pool, Stored input) {
    Padding padding = pool.window().padding();
    if (padding.equals(Padding.NONE)) {
      return input.value();
    }
    List<Long> shape = input.value().shape();
    return graph.add(
        "Pad",
        pool.name(),
        Stored.TYPE,
        List.of(
            shape.get(0),
            shape.get(1),
            shape.get(2) + padding.top() + padding.bottom(),
            shape.get(3) + padding.left() + padding.right()),
        List.of(
            input.value().name(),
            graph.longs(pool.name(), Layout.pads(padding)),
            graph.scalar(Stored.TYPE, 0)),
        List.of());
  }

  @Override
  public Stored pad(Pad pad) {
    Stored input = stored(pad.input());
    Value output =
        graph.add(
            "Pad",
            pad.name(),
            Stored.TYPE,
            Layout.shape(pad.output()),
            List.of(
                input.value().name(),
                graph.longs(pad.name(), Layout.pads(pad)),
                graph.scalar(Stored.TYPE, input.zeroPoint())),
            List.of());
    padded.put(output.name(), output.shape());
    // The zeros may be the smallest or the largest code, but they do not change the zero point:
    // it is 128 only where codes are negative.
    return new Stored(output, pad.output(), ranges.of(pad.output()));
  }

  @Override
  public Stored reshape(Reshape reshape) {
    Stored input = stored(reshape.input());
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
