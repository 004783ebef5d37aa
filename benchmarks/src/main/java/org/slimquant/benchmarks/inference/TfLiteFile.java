package org.slimquant.benchmarks.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.slimquant.benchmarks.inference.TfLiteTables.ElementType;
import org.slimquant.benchmarks.inference.TfLiteTables.Operator;
import org.slimquant.benchmarks.inference.TfLiteTables.Tensor;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Reshape;
import org.slimquant.model.WeightedOp;

/**
 * An integer model as a file of TensorFlow Lite.
 *
 * <p>Kernels of convolutions are quantized per channel, as TensorFlow Lite's own converter does,
 * those of dense layers per tensor. Unsigned codes are shifted by a zero point of -128. TensorFlow
 * Lite rounds ties in another way, so some of its codes differ from the engine's by one step.
 */
final class TfLiteFile {

  private final int batch;
  private final TfLiteTables tables = new TfLiteTables();
  private final Map<String, Integer> indices = new LinkedHashMap<>();

  private TfLiteFile(int batch) {
    this.batch = batch;
  }

  /** Returns the file of a model for batches of one size. */
  static byte[] of(IntegerModel model, int batch) {
    return new TfLiteFile(batch).write(model);
  }

  /** Returns the int8 code of 0. */
  static int zeroPoint(FixedPoint format) {
    return format.signed() ? 0 : Byte.MIN_VALUE;
  }

  private byte[] write(IntegerModel model) {
    indices.put(model.input().name(), computed(model.input()));
    model.ops().forEach(this::add);
    return tables.file(model.name(), index(model.input()), index(model.output()));
  }

  private void add(IntegerOp op) {
    if (op instanceof Reshape reshape) {
      // A dense layer flattens its input itself.
      indices.put(reshape.output().name(), index(reshape.input()));
      return;
    }
    int output = computed(op.output());
    if (op instanceof Conv2D conv) {
      addConv(conv, output);
    } else if (op instanceof DepthwiseConv2D conv) {
      addDepthwise(conv, output);
    } else if (op instanceof Dense dense) {
      addDense(dense, output);
    } else if (op instanceof MaxPool pool) {
      tables.add(
          Operator.MAX_POOL_2D, TfLiteOptions.pool(pool.window()), output, index(pool.input()));
    } else if (op instanceof AveragePool pool) {
      tables.add(
          Operator.AVERAGE_POOL_2D, TfLiteOptions.pool(pool.window()), output, index(pool.input()));
    } else {
      throw new IllegalArgumentException("a network must have ops of known types, but has " + op);
    }
    indices.put(op.output().name(), output);
  }

  private void addConv(Conv2D conv, int output) {
    List<Integer> shape = conv.kernel().shape();
    tables.add(
        Operator.CONV_2D,
        TfLiteOptions.conv(conv.window(), Activation.of(conv)),
        output,
        index(conv.input()),
        tables.add(
            kernel(
                conv,
                List.of(conv.channels(), shape.get(0), shape.get(1), shape.get(2)),
                exponents(conv, conv.kernel()::exponent),
                0),
            channelsFirst(conv)),
        bias(conv, exponents(conv, conv::accumulatorExponent)));
  }

  private void addDepthwise(DepthwiseConv2D conv, int output) {
    List<Integer> shape = conv.kernel().shape();
    tables.add(
        Operator.DEPTHWISE_CONV_2D,
        TfLiteOptions.depthwise(conv.window(), shape.get(3), Activation.of(conv)),
        output,
        index(conv.input()),
        tables.add(
            kernel(
                conv,
                List.of(1, shape.get(0), shape.get(1), conv.channels()),
                exponents(conv, conv.kernel()::exponent),
                3),
            bytes(conv.kernel().codes())),
        bias(conv, exponents(conv, conv::accumulatorExponent)));
  }

  private void addDense(Dense dense, int output) {
    tables.add(
        Operator.FULLY_CONNECTED,
        TfLiteOptions.dense(Activation.of(dense)),
        output,
        index(dense.input()),
        tables.add(
            kernel(
                dense,
                List.of(dense.channels(), dense.input().size()),
                List.of(dense.kernel().exponent(0)),
                0),
            channelsFirst(dense)),
        bias(dense, List.of(dense.accumulatorExponent(0))));
  }

  private int bias(WeightedOp op, List<Integer> exponents) {
    return tables.add(
        new Tensor(op.name() + "/bias", List.of(op.channels()), ElementType.INT32, 0, exponents, 0),
        words(op.bias()));
  }

  private static Tensor kernel(
      WeightedOp op, List<Integer> shape, List<Integer> exponents, int axis) {
    return new Tensor(op.name() + "/kernel", shape, ElementType.INT8, 0, exponents, axis);
  }

  private static List<Integer> exponents(WeightedOp op, IntUnaryOperator ofChannel) {
    return IntStream.range(0, op.channels()).map(ofChannel).boxed().toList();
  }

  private int index(IntegerTensor tensor) {
    Integer index = indices.get(tensor.name());
    if (index == null) {
      throw new IllegalStateException("a tensor must be computed before, but is not: " + tensor);
    }
    return index;
  }

  private int computed(IntegerTensor tensor) {
    List<Integer> shape = new ArrayList<>(tensor.shape());
    shape.add(0, batch);
    FixedPoint format = tensor.format();
    return tables.add(
        new Tensor(
            tensor.name(), shape, ElementType.INT8, zeroPoint(format), List.of(format.frac()), 0));
  }

  /** Returns a kernel with its output channels as the first axis instead of the last. */
  private static byte[] channelsFirst(WeightedOp op) {
    byte[] channelsLast = bytes(op.kernel().codes());
    int channels = op.channels();
    int inputs = channelsLast.length / channels;
    byte[] bytes = new byte[channelsLast.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i % channels * inputs + i / channels] = channelsLast[i];
    }
    return bytes;
  }

  private static byte[] bytes(Codes codes) {
    byte[] bytes = new byte[codes.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) codes.get(i);
    }
    return bytes;
  }

  private static byte[] words(Codes codes) {
    ByteBuffer words =
        ByteBuffer.allocate(codes.size() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    codes.stream().forEach(words::putInt);
    return words.array();
  }
}
