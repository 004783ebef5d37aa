package org.slimquant.benchmarks.inference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.benchmarks.harness.FixedThreads;
import org.slimquant.model.AveragePool;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Padding;
import org.slimquant.model.Reshape;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A model in TensorFlow's float32, with the weights of an integer model and without quantization,
 * like a frozen float model in production.
 */
final class FloatSession implements NetworkRunner {

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Map<String, Operand<TFloat32>> operands = new LinkedHashMap<>();
  private final Session session;
  private final TFloat32 input;
  private final Operand<TFloat32> images;
  private final Operand<TFloat32> output;
  private final int outputs;

  FloatSession(Workload workload) {
    IntegerModel model = workload.model();
    Shape shape = shapeOf(model.input().shape());
    images = tf.placeholder(TFloat32.class, Placeholder.shape(shape.prepend(Shape.UNKNOWN_SIZE)));
    operands.put(model.input().name(), images);
    model.ops().forEach(op -> operands.put(op.output().name(), operand(op)));
    output = read(model.output());
    outputs = workload.expected().length;
    session = FixedThreads.session(graph, workload.threads());
    input = TFloat32.tensorOf(shape.prepend(workload.batch()), DataBuffers.of(workload.pixels()));
  }

  @Override
  public void run() {
    try (Result result = compute()) {
      result.get(0);
    }
  }

  @Override
  public float[] output() {
    float[] numbers = new float[outputs];
    try (Result result = compute()) {
      result.get(0).asRawTensor().data().asFloats().read(numbers);
    }
    return numbers;
  }

  private Result compute() {
    return session.runner().feed(images, input).fetch(output).run();
  }

  @Override
  public void close() {
    input.close();
    session.close();
    graph.close();
  }

  private Operand<TFloat32> operand(IntegerOp op) {
    if (op instanceof Conv2D conv) {
      Window window = conv.window();
      return activation(
          conv, tf.nn.conv2d(read(conv.input()), kernel(conv), strides(window), padding(window)));
    } else if (op instanceof DepthwiseConv2D conv) {
      Window window = conv.window();
      return activation(
          conv,
          tf.nn.depthwiseConv2dNative(
              read(conv.input()), kernel(conv), strides(window), padding(window)));
    } else if (op instanceof Dense dense) {
      return activation(dense, tf.linalg.matMul(read(dense.input()), kernel(dense)));
    } else if (op instanceof MaxPool pool) {
      Window window = pool.window();
      return tf.nn.maxPool(
          read(pool.input()),
          tf.array(1, window.height(), window.width(), 1),
          tf.array(1, window.strideHeight(), window.strideWidth(), 1),
          "VALID");
    } else if (op instanceof AveragePool pool && pool.output().rank() == 1) {
      return tf.math.mean(read(pool.input()), tf.array(1, 2));
    } else if (op instanceof Reshape reshape) {
      return tf.reshape(read(reshape.input()), tf.array(-1, reshape.output().size()));
    }
    throw new IllegalArgumentException("a network must have ops of known types, but has " + op);
  }

  private Operand<TFloat32> read(IntegerTensor tensor) {
    Operand<TFloat32> operand = operands.get(tensor.name());
    if (operand == null) {
      throw new IllegalStateException("a tensor must be computed before, but is not: " + tensor);
    }
    return operand;
  }

  private Operand<TFloat32> activation(WeightedOp op, Operand<TFloat32> product) {
    Operand<TFloat32> sum =
        tf.nn.biasAdd(product, tf.constant(reals(op.bias(), op.accumulatorExponent(0))));
    return switch (Activation.of(op)) {
      case NONE -> sum;
      case RELU -> tf.nn.relu(sum);
      case RELU6 -> tf.nn.relu6(sum);
    };
  }

  private Operand<TFloat32> kernel(WeightedOp op) {
    return tf.constant(
        shapeOf(op.kernel().shape()),
        DataBuffers.of(reals(op.kernel().codes(), op.kernel().exponent(0))));
  }

  private static String padding(Window window) {
    return window.padding().equals(Padding.NONE) ? "VALID" : "SAME";
  }

  private static List<Long> strides(Window window) {
    return List.of(1L, (long) window.strideHeight(), (long) window.strideWidth(), 1L);
  }

  private static Shape shapeOf(List<Integer> dimensions) {
    List<Long> sizes = new ArrayList<>();
    dimensions.forEach(size -> sizes.add(size.longValue()));
    return Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  private static float[] reals(Codes codes, int exponent) {
    float[] reals = new float[codes.size()];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = Math.scalb((float) codes.get(i), exponent);
    }
    return reals;
  }
}
