package org.slimquant.runtime.normalization;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.FormatRequest;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.graph.FreezeSwitch;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** A layer with a batch normalization in a graph of its own, with seeded variables. */
final class NormalizedLayer implements AutoCloseable {

  static final int CHANNELS = 6;
  static final Shape IMAGES = Shape.of(4, 6, 6, 3);

  /** Adds the ops of a layer between its input and its activation. */
  interface Body {
    Operand<TFloat32> build(NormalizedLayer layer, Operand<TFloat32> x);
  }

  final Graph graph;
  final Ops tf;
  final List<String> variables = new ArrayList<>();
  final Placeholder<TFloat32> x;
  final Operand<TFloat32> output;
  private final Random random = new Random(7);
  private @Nullable Session session;

  private NormalizedLayer(Graph graph, Shape shape, Body body) {
    this.graph = graph;
    this.tf = Ops.create(graph);
    long[] sizes = shape.asArray();
    sizes[0] = -1;
    x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(sizes)));
    output = body.build(this, x);
  }

  /** Returns the layer without a quantizer. */
  static NormalizedLayer floats(Graph graph, Shape shape, Body body) {
    return new NormalizedLayer(graph, shape, (layer, x) -> layer.tf.nn.relu(body.build(layer, x)));
  }

  /** Returns the layer with the formats of a request for its kernel and for its output. */
  static NormalizedLayer quantized(
      GraphQuantizer quantizer,
      Graph graph,
      FormatRequest kernel,
      FormatRequest output,
      Shape shape,
      Body body) {
    QuantizedLayer formats = QuantizedLayer.of("conv", kernel, output);
    return new NormalizedLayer(
        graph,
        shape,
        (layer, x) ->
            GraphQuantizer.layer(
                quantizer, formats, () -> layer.tf.nn.relu(body.build(layer, quantizer.input(x)))));
  }

  /** Returns a variable of seeded elements around a centre. */
  Operand<TFloat32> variable(String name, float centre, float deviation, long... shape) {
    float[] elements = new float[Math.toIntExact(Shape.of(shape).size())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) (centre + deviation * random.nextGaussian());
    }
    return variable(name, elements, shape);
  }

  /** Returns a variable with these elements. */
  Operand<TFloat32> variable(String name, float[] elements, long... shape) {
    Variable<TFloat32> variable =
        tf.withName(name).variable(tf.constant(Shape.of(shape), DataBuffers.of(elements)));
    variables.add(name);
    return variable;
  }

  /** Returns the session, which is started at the first call. */
  Session session() {
    Session started = session == null ? new Session(graph) : session;
    session = started;
    return started;
  }

  /** Returns the values of tensors for seeded data. */
  List<float[]> run(Shape shape, List<? extends Operand<?>> tensors, boolean frozen) {
    return run(shape, tensors, frozen, Map.of());
  }

  /** Returns the values of tensors for seeded data if variables are fed. */
  List<float[]> run(
      Shape shape,
      List<? extends Operand<?>> tensors,
      boolean frozen,
      Map<String, TFloat32> variableFeeds) {
    try (TFloat32 data = data(shape);
        TBool freeze = TBool.scalarOf(frozen)) {
      Session.Runner runner = session().runner().feed(x, data);
      variableFeeds.forEach((name, fed) -> runner.feed(graph.outputOrThrow(name + ":0"), fed));
      FreezeSwitch.find(graph).ifPresent(tensor -> runner.feed(tensor, freeze));
      tensors.forEach(tensor -> runner.fetch(tensor.asOutput()));
      try (Result result = runner.run()) {
        List<float[]> values = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
          values.add(Tensors.elements((TFloat32) result.get(i)));
        }
        return values;
      }
    }
  }

  /** Returns the elements of a variable with changes. */
  TFloat32 changed(String name, float[] changes) {
    float[] elements = run(IMAGES, List.of(graph.outputOrThrow(name + ":0")), false).get(0);
    for (int i = 0; i < elements.length; i++) {
      elements[i] += changes[i];
    }
    return Tensors.tensor(Shape.of(elements.length), elements);
  }

  private static TFloat32 data(Shape shape) {
    Random random = new Random(3);
    float[] elements = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (random.nextInt(255) - 127) / 128f;
    }
    return Tensors.tensor(shape, elements);
  }

  /** Returns the types of the ops that the output is computed from. */
  Set<String> typesBefore() {
    Set<String> types = new HashSet<>();
    collect((GraphOperation) output.asOutput().op(), types, new HashSet<>());
    return types;
  }

  private static void collect(
      GraphOperation operation, Set<String> types, Set<GraphOperation> seen) {
    if (seen.add(operation)) {
      types.add(operation.type());
      for (int i = 0; i < operation.numInputs(); i++) {
        collect((GraphOperation) operation.input(i).op(), types, seen);
      }
    }
  }

  /** Returns the gradients of the sum of squares of the output. */
  List<Output<?>> gradients(List<String> names) {
    Operand<TFloat32> loss =
        tf.reduceSum(
            tf.math.square(output), tf.range(tf.constant(0), tf.rank(output), tf.constant(1)));
    Output<?>[] inputs =
        names.stream().map(name -> graph.outputOrThrow(name + ":0")).toArray(Output[]::new);
    return List.of(graph.addGradients(loss.asOutput(), inputs));
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
    graph.close();
  }
}
