package org.slimquant.deploy.certificate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Padding;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Table;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;
import org.slimquant.runtime.FakeQuant;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The frozen float32 fake-quant graph that an integer model stands for, in TensorFlow:
 *
 * <pre>{@code
 * Conv2D  ─▶  fake quant of the kernel ─▶ Conv2D ─▶ BiasAdd ─▶ Relu ─▶ fake quant
 * }</pre>
 */
final class FakeQuantGraph implements AutoCloseable {

  private final IntegerModel model;
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Map<String, Operand<TFloat32>> tensors = new LinkedHashMap<>();
  private final Map<IntegerTensor, Placeholder<TFloat32>> placeholders = new LinkedHashMap<>();
  private final Session session;

  private FakeQuantGraph(IntegerModel model) {
    this.model = model;
    for (IntegerTensor input : model.inputs()) {
      Placeholder<TFloat32> placeholder =
          tf.placeholder(TFloat32.class, Placeholder.shape(batchOf(input.shape())));
      placeholders.put(input, placeholder);
      tensors.put(input.name(), quantized(placeholder, input.format()));
    }
    for (IntegerOp op : model.ops()) {
      tensors.put(op.output().name(), tensor(op));
    }
    session = new Session(graph);
  }

  static FakeQuantGraph of(IntegerModel model) {
    return new FakeQuantGraph(model);
  }

  /** Returns the real numbers that every op computes for a batch of the input's codes. */
  Map<String, float[]> run(int[] codes) {
    return run(Map.of(model.input().name(), codes));
  }

  /** Returns the real numbers that every op computes for batches of the inputs' codes. */
  Map<String, float[]> run(Map<String, int[]> codes) {
    Map<String, float[]> computed = new LinkedHashMap<>();
    List<TFloat32> fed = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      placeholders.forEach(
          (input, placeholder) -> {
            fed.add(fed(input, codes.getOrDefault(input.name(), new int[0])));
            runner.feed(placeholder, fed.get(fed.size() - 1));
          });
      model.ops().forEach(op -> runner.fetch(tensors.get(op.output().name())));
      try (Result result = runner.run()) {
        int i = 0;
        for (IntegerOp op : model.ops()) {
          TFloat32 tensor = (TFloat32) result.get(i++);
          float[] numbers = new float[(int) tensor.size()];
          tensor.asRawTensor().data().asFloats().read(numbers);
          computed.put(op.output().name(), numbers);
        }
      }
    } finally {
      fed.forEach(TFloat32::close);
    }
    return computed;
  }

  private static TFloat32 fed(IntegerTensor input, int[] codes) {
    float[] reals = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      reals[i] = input.format().dequantize(codes[i]);
    }
    long[] dimensions = batchOf(input.shape()).asArray();
    dimensions[0] = codes.length / input.size();
    return TFloat32.tensorOf(Shape.of(dimensions), DataBuffers.of(reals));
  }

  private Operand<TFloat32> tensor(IntegerOp op) {
    List<Operand<TFloat32>> inputs =
        op.inputs().stream().<Operand<TFloat32>>map(this::operand).toList();
    Operand<TFloat32> x = inputs.get(0);
    if (op instanceof Conv2D conv) {
      Window window = conv.window();
      return finished(
          conv,
          tf.nn.conv2d(
              padded(x, window, conv.input()),
              kernel(conv),
              strides(window),
              padding(window, conv.input()),
              Conv2d.dilations(
                  List.of(1L, (long) window.dilationHeight(), (long) window.dilationWidth(), 1L))));
    } else if (op instanceof DepthwiseConv2D conv) {
      Window window = conv.window();
      return finished(
          conv,
          tf.nn.depthwiseConv2dNative(
              padded(x, window, conv.input()),
              kernel(conv),
              strides(window),
              padding(window, conv.input())));
    } else if (op instanceof Dense dense) {
      return finished(dense, tf.linalg.matMul(x, kernel(dense)));
    } else if (op instanceof MaxPool pool) {
      Window window = pool.window();
      return tf.nn.maxPool(
          x,
          tf.constant(new int[] {1, window.height(), window.width(), 1}),
          tf.constant(new int[] {1, window.strideHeight(), window.strideWidth(), 1}),
          padding(window, pool.input()));
    } else if (op instanceof AveragePool pool) {
      Window window = pool.window();
      if (pool.output().rank() == 1) {
        return rounded(pool, tf.math.mean(x, tf.constant(new int[] {1, 2})));
      }
      return rounded(
          pool,
          tf.nn.avgPool(
              x,
              List.of(1L, (long) window.height(), (long) window.width(), 1L),
              strides(window),
              padding(window, pool.input())));
    } else if (op instanceof BinaryOp binary) {
      return rounded(binary, binary(binary.kind(), x, inputs.get(1)));
    } else if (op instanceof MatMul product) {
      return rounded(
          product,
          tf.train.batchMatMul(
              x,
              inputs.get(1),
              TFloat32.class,
              BatchMatMul.adjX(product.transposesLeft()),
              BatchMatMul.adjY(product.transposesRight())));
    } else if (op instanceof Concat concat) {
      return rounded(concat, tf.concat(inputs, tf.constant(concat.axis() + 1)));
    } else if (op instanceof Pad pad) {
      List<int[]> paddings = new ArrayList<>();
      paddings.add(new int[2]);
      for (int axis = 0; axis < pad.before().size(); axis++) {
        paddings.add(new int[] {pad.before().get(axis), pad.after().get(axis)});
      }
      return pad(x, paddings, pad.output().format().dequantize(pad.code()));
    } else if (op instanceof Slice slice) {
      return sliced(slice, x);
    } else if (op instanceof Transpose transpose) {
      return tf.linalg.transpose(x, tf.constant(behindBatch(transpose.permutation(), 1, 0)));
    } else if (op instanceof Tile tile) {
      return tf.tile(x, tf.constant(behindBatch(tile.repeats(), 0, 1)));
    } else if (op instanceof Reshape) {
      int[] shape =
          IntStream.concat(
                  IntStream.of(-1), op.output().shape().stream().mapToInt(Integer::intValue))
              .toArray();
      return tf.reshape(x, tf.constant(shape));
    }
    if (op instanceof Table table) {
      return tabled(table, x);
    } else if (op instanceof LeakyRelu relu) {
      Operand<TFloat32> zero = tf.constant(0f);
      return rounded(
          relu,
          tf.math.add(
              tf.math.mul(tf.math.maximum(x, zero), tf.constant((float) relu.positive().value())),
              tf.math.mul(tf.math.minimum(x, zero), tf.constant((float) relu.negative().value()))));
    }
    return rounded(op, x);
  }

  /** Returns the numbers of the table's codes. No rounding changes them. */
  private Operand<TFloat32> tabled(Table table, Operand<TFloat32> x) {
    FixedPoint from = table.input().format();
    FixedPoint to = table.output().format();
    float[] numbers = new float[table.codes().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = to.dequantize(table.codes().get(i));
    }
    Operand<TFloat32> codes =
        tf.math.sub(tf.math.div(x, tf.constant(from.step())), tf.constant((float) from.minCode()));
    Operand<TInt32> index = tf.dtypes.cast(codes, TInt32.class);
    return rounded(table, tf.gather(tf.constant(numbers), index, tf.constant(0)));
  }

  private Operand<TFloat32> binary(
      BinaryOp.Kind kind, Operand<TFloat32> left, Operand<TFloat32> right) {
    return switch (kind) {
      case ADD -> tf.math.add(left, right);
      case SUBTRACT -> tf.math.sub(left, right);
      case MULTIPLY -> tf.math.mul(left, right);
      case MAXIMUM -> tf.math.maximum(left, right);
      case MINIMUM -> tf.math.minimum(left, right);
    };
  }

  private Operand<TFloat32> sliced(Slice slice, Operand<TFloat32> x) {
    List<Integer> end = new ArrayList<>();
    long endMask = 1;
    for (int axis = 0; axis < slice.begin().size(); axis++) {
      int stride = slice.stride().get(axis);
      int last = slice.begin().get(axis) + (slice.output().shape().get(axis) - 1) * stride;
      end.add(last + Integer.signum(stride));
      // There is no index before the first element.
      endMask |= last == 0 && stride < 0 ? 2L << axis : 0;
    }
    return tf.stridedSlice(
        x,
        tf.constant(behindBatch(slice.begin(), 0, 0)),
        tf.constant(behindBatch(end, 0, 0)),
        tf.constant(behindBatch(slice.stride(), 0, 1)),
        StridedSlice.beginMask(1L),
        StridedSlice.endMask(endMask));
  }

  /** Returns numbers for the axes of an example, with a number for the batch before them. */
  private static int[] behindBatch(List<Integer> numbers, int more, int batch) {
    return IntStream.concat(IntStream.of(batch), numbers.stream().mapToInt(number -> number + more))
        .toArray();
  }

  private Operand<TFloat32> operand(IntegerTensor tensor) {
    Operand<TFloat32> operand = tensors.get(tensor.name());
    if (operand == null) {
      throw new AssertionError(tensor + " is not computed yet");
    }
    return operand;
  }

  private Operand<TFloat32> finished(WeightedOp layer, Operand<TFloat32> products) {
    float[] bias = new float[layer.channels()];
    for (int channel = 0; channel < bias.length; channel++) {
      bias[channel] =
          (float)
              Math.scalb((double) layer.bias().get(channel), layer.accumulatorExponent(channel));
    }
    return rounded(layer, tf.nn.biasAdd(products, tf.constant(bias)));
  }

  private Operand<TFloat32> rounded(IntegerOp op, Operand<TFloat32> x) {
    FixedPoint format = op.output().format();
    if (op instanceof Table || op.range().equals(CodeRange.all(format))) {
      return quantized(x, format);
    }
    Operand<TFloat32> active =
        op.range().equals(CodeRange.relu(format)) ? tf.nn.relu(x) : tf.nn.relu6(x);
    return quantized(active, format);
  }

  private Operand<TFloat32> quantized(Operand<TFloat32> x, FixedPoint format) {
    return FakeQuant.of(tf, x, format);
  }

  private Operand<TFloat32> kernel(WeightedOp layer) {
    int[] codes = layer.kernel().codes().toArray();
    float[] reals = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      int channel = i % layer.channels();
      reals[i] = layer.kernel().format(channel).dequantize(codes[i]);
    }
    Operand<TFloat32> kernel = tf.constant(shape(layer.kernel().shape()), DataBuffers.of(reals));
    boolean perTensor = layer.kernel().exponents().size() == 1;
    return perTensor ? quantized(kernel, layer.kernel().format(0)) : kernel;
  }

  private static List<Long> strides(Window window) {
    return List.of(1L, (long) window.strideHeight(), (long) window.strideWidth(), 1L);
  }

  private static String padding(Window window, IntegerTensor input) {
    return isSame(window, input) ? "SAME" : "VALID";
  }

  private static boolean isSame(Window window, IntegerTensor input) {
    return !window.padding().equals(Padding.NONE)
        && window.equals(window.withSamePadding(input.shape().get(0), input.shape().get(1)));
  }

  private Operand<TFloat32> padded(Operand<TFloat32> x, Window window, IntegerTensor input) {
    Padding padding = window.padding();
    if (padding.equals(Padding.NONE) || isSame(window, input)) {
      return x;
    }
    return pad(
        x,
        List.of(
            new int[2],
            new int[] {padding.top(), padding.bottom()},
            new int[] {padding.left(), padding.right()},
            new int[2]),
        0);
  }

  private Operand<TFloat32> pad(Operand<TFloat32> x, List<int[]> paddings, float value) {
    return tf.pad(x, tf.constant(paddings.toArray(int[][]::new)), tf.constant(value));
  }

  private static Shape batchOf(List<Integer> shape) {
    return Shape.of(
        LongStream.concat(
                LongStream.of(Shape.UNKNOWN_SIZE), shape.stream().mapToLong(Integer::longValue))
            .toArray());
  }

  private static Shape shape(List<Integer> shape) {
    return Shape.of(shape.stream().mapToLong(Integer::longValue).toArray());
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
