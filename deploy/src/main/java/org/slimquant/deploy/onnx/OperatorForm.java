package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.engine.Add;
import org.slimquant.engine.AveragePool;
import org.slimquant.engine.CodeRange;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Concat;
import org.slimquant.engine.Conv2D;
import org.slimquant.engine.Dense;
import org.slimquant.engine.DepthwiseConv2D;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.MaxPool;
import org.slimquant.engine.Pad;
import org.slimquant.engine.Requantize;
import org.slimquant.engine.Reshape;
import org.slimquant.engine.TensorFormat;
import org.slimquant.engine.WeightedOp;
import org.slimquant.engine.Window;

/**
 * Writes a model as integer ops.
 *
 * <pre>{@code
 * float ─▶ Reshape ─▶ Mul ─▶ Floor ─▶ Add ─▶ QuantizeLinear ─▶ Reshape ─▶ Transpose    rounds half up
 *       ─▶ Transpose ─▶ Reshape ─▶ Transpose ─▶ QLinearConv ─▶ …         few channels: blocks of columns
 *       ─▶ QLinearConv ─▶ Clip ─▶ …                                      where the range is not all of uint8
 *       ─▶ Reshape ─▶ Transpose ─▶ QLinearConv ─▶ Transpose ─▶ Reshape   a dense layer: the batch as rows
 *       ─▶ DequantizeLinear ─▶ float
 * }</pre>
 *
 * <p>ONNX Runtime brings images to NHWC and drops the transposes.
 */
final class OperatorForm {

  // A code of 8 bits becomes 0 at this shift as at any larger one, and saturates likewise.
  private static final int LARGEST_SHIFT = 9;

  // By so much that a quotient up to 256 is moved up in float32, but by less than a half.
  private static final float BELOW_TWO = 2 - 0x1p-19f;

  private final IntegerModel model;
  private final boolean int8;
  private final OnnxGraph graph;
  private final ElementOps elements;
  private final Map<String, Stored> stored = new LinkedHashMap<>();
  private final List<String> saturating = new ArrayList<>();

  /**
   * Creates a writer.
   *
   * @param int8 whether all layers shall have int8 weights
   */
  OperatorForm(IntegerModel model, boolean int8) {
    this.model = model;
    this.int8 = int8;
    graph = new OnnxGraph(List.of(model.input().name(), model.output().name()));
    elements = new ElementOps(graph);
  }

  /** Returns the layers that are exact only where sums of two products do not saturate. */
  List<String> saturating() {
    return List.copyOf(saturating);
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
      stored.put(op.output().name(), write(op));
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
            "tensor %s must have at most 8 bits, because ONNX's integer ops have no more, but has %d; write the model as QDQ"
                .formatted(tensor.name(), tensor.format().bits()));
      }
    }
    for (WeightedOp layer : model.layers()) {
      if (layer.kernel().bits() > Stored.BITS) {
        throw new IllegalArgumentException(
            "the kernel of layer %s must have at most 8 bits, because ONNX's integer ops have no more, but has %d; write the model as QDQ"
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
    TensorFormat format = tensor.format();
    String name = tensor.name();
    Value input = new Value(name, DataType.FLOAT, Layout.modelShape(tensor));
    CodeRange codes = CodeRange.all(format);
    int zeroPoint = Stored.zeroPoint(codes);
    // ONNX Runtime's arithmetic is slow along a last axis of one channel.
    Value row = graph.reshape(input, name, List.of(Value.BATCH, (long) tensor.size()));
    Value doubled =
        graph.like(row, "Mul", name, graph.scalar(Math.scalb(1f, 1 - format.exponent())));
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

  private Stored write(IntegerOp op) {
    if (op instanceof Conv2D conv) {
      return convolve(conv, conv.window(), 1);
    } else if (op instanceof DepthwiseConv2D conv) {
      return convolve(conv, conv.window(), conv.kernel().shape().get(2));
    } else if (op instanceof Dense dense) {
      return dense(dense);
    } else if (op instanceof MaxPool pool) {
      return maximum(pool);
    } else if (op instanceof AveragePool pool) {
      return new AverageForm(graph, elements).write(pool, stored(pool.input()));
    } else if (op instanceof Add add) {
      return new AddForm(graph, elements).write(add, stored(add.left()), stored(add.right()));
    } else if (op instanceof Concat concat) {
      return concat(concat);
    } else if (op instanceof Pad pad) {
      return pad(pad);
    } else if (op instanceof Requantize requantize) {
      Stored input = stored(requantize.input());
      return requantize(requantize, input);
    } else if (op instanceof Reshape reshape) {
      return reshape(reshape);
    }
    throw new AssertionError("an op must have ONNX nodes, but has none: " + op);
  }

  private Stored convolve(WeightedOp layer, Window window, int group) {
    Stored input = stored(layer.input());
    Sums sums = Sums.of(layer, input.codes());
    Convolution convolution =
        convolution(layer, input.value(), input, window, group, Layout.shape(layer.output()));
    Value output =
        ColumnBlocks.of(convolution)
            .map(
                blocks ->
                    blocks.toColumns(
                        convolve(layer, blocks.convolution(graph), blocks.sums(sums)), graph))
            .orElseGet(() -> convolve(layer, convolution, sums));
    return new Stored(output, layer.output(), sums.codes(layer.range()));
  }

  private Value convolve(WeightedOp layer, Convolution convolution, Sums sums) {
    return elements.convolve(
        convolution,
        sums,
        layer.range(),
        layer.output().format().exponent(),
        Stored.zeroPoint(sums.codes(layer.range())));
  }

  /**
   * Adds a dense layer as a convolution over an image whose rows are the batch: QLinearMatMul has
   * no bias, and the kernels of a convolution read the weights once for all examples.
   */
  private Stored dense(Dense dense) {
    Stored input = stored(dense.input());
    String name = dense.name();
    Sums sums = Sums.of(dense, input.codes());
    Value rows =
        graph.toChannelsFirst(
            graph.reshape(
                input.value(), name, List.of(1L, Value.BATCH, 1L, (long) dense.input().size())),
            name);
    List<Long> shape = List.of(1L, (long) dense.channels(), Value.BATCH, 1L);
    Convolution convolution = convolution(dense, rows, input, Window.of(1, 1), 1, shape);
    Value output = convolve(dense, convolution, sums);
    Value flat =
        graph.reshape(graph.toChannelsLast(output, name), name, Layout.shape(dense.output()));
    return new Stored(flat, dense.output(), sums.codes(dense.range()));
  }

  private Convolution convolution(
      WeightedOp layer, Value value, Stored input, Window window, int group, List<Long> shape) {
    Kernel kernel = layer.kernel();
    int[] weights = Layout.kernel(layer);
    List<Long> weightShape = Layout.kernelShape(layer);
    boolean fits = Arrays.stream(weights).allMatch(weight -> weight <= Byte.MAX_VALUE);
    // ONNX Runtime's kernels for one filter for each channel do not add products in 16 bits.
    boolean exact = (group == layer.channels() && group > 1) || Products.fit(layer, input.max());
    boolean signed = fits && (int8 || exact);
    if (signed && !exact) {
      saturating.add(layer.name());
    }
    int zeroPoint = signed || !kernel.signed() ? 0 : 128;
    return new Convolution(
        layer.name(),
        value,
        input.zeroPoint(),
        input.exponent(),
        Codes.of(Arrays.stream(weights).map(weight -> weight + zeroPoint).toArray()),
        weightShape,
        signed ? DataType.INT8 : DataType.UINT8,
        zeroPoint,
        layer.bias(),
        window,
        group,
        shape);
  }

  private Stored maximum(MaxPool pool) {
    Stored input = stored(pool.input());
    Value output =
        graph.add(
            "MaxPool",
            pool.name(),
            Stored.TYPE,
            Layout.shape(pool.output()),
            List.of(input.value().name()),
            Attributes.pooling(pool.window()));
    return input.as(output, pool.output());
  }

  private Stored pad(Pad pad) {
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
    CodeRange codes = input.codes();
    // The zeros may be the smallest or the largest code, but they do not change the zero point:
    // it is 128 only where codes are negative.
    return new Stored(
        output, pad.output(), new CodeRange(Math.min(0, codes.min()), Math.max(0, codes.max())));
  }

  private Stored reshape(Reshape reshape) {
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
    return input.as(value, reshape.output());
  }

  private Stored requantize(Requantize requantize, Stored input) {
    IntegerTensor output = requantize.output();
    CodeRange codes = input.codes(output.format().exponent(), requantize.range());
    return new Stored(bring(requantize, input, Stored.zeroPoint(codes)), output, codes);
  }

  /**
   * Returns elements on the grid of an op's output, clamped: by a convolution with one weight for
   * each channel, if the grid is not the same already.
   */
  private Value bring(IntegerOp op, Stored input, int zeroPoint) {
    int exponent = op.output().format().exponent();
    int shift = Math.max(-LARGEST_SHIFT, Math.min(LARGEST_SHIFT, exponent - input.exponent()));
    if (shift == 0 && zeroPoint == input.zeroPoint()) {
      return elements.clamp(input.value(), op.name(), input.codes(), zeroPoint, op.range());
    }
    Value image = elements.image(input.value(), input.tensor(), op.name());
    int channels = Math.toIntExact(image.shape().get(1));
    int[] ones = new int[channels];
    Arrays.fill(ones, 1);
    Convolution convolution =
        new Convolution(
            op.name(),
            image,
            input.zeroPoint(),
            // So that the shift is the one that was cut.
            exponent - shift,
            Codes.of(ones),
            List.of((long) channels, 1L, 1L, 1L),
            DataType.INT8,
            0,
            Codes.zeros(channels),
            Window.of(1, 1),
            channels,
            image.shape());
    Sums sums = Sums.alike(channels, input.codes().min(), input.codes().max(), shift);
    Value brought = elements.convolve(convolution, sums, op.range(), exponent, zeroPoint);
    return elements.fromImage(brought, input.tensor(), op.name());
  }

  private Stored concat(Concat concat) {
    List<Stored> inputs = concat.inputs().stream().map(this::stored).toList();
    IntegerTensor output = concat.output();
    int low = concat.range().max();
    int high = concat.range().min();
    for (Stored input : inputs) {
      CodeRange codes = input.codes(output.format().exponent(), concat.range());
      low = Math.min(low, codes.min());
      high = Math.max(high, codes.max());
    }
    CodeRange codes = new CodeRange(low, high);
    List<String> names =
        inputs.stream().map(input -> bring(concat, input, Stored.zeroPoint(codes)).name()).toList();
    Value value =
        graph.add(
            "Concat",
            concat.name(),
            Stored.TYPE,
            Layout.shape(output),
            names,
            List.of(Attributes.integer("axis", Layout.axis(output, concat.axis()))));
    return new Stored(value, output, codes);
  }
}
