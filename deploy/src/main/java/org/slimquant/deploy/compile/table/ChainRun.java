package org.slimquant.deploy.compile.table;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Clamp;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;
import org.slimquant.runtime.graph.UninitializedVariables;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * Runs the ops of a chain in a session of TensorFlow's graph: the tensors by which they read the
 * source are fed.
 */
final class ChainRun {

  private final OpGraph graph;
  private final Session session;
  private final ElementChain chain;

  ChainRun(OpGraph graph, Session session, ElementChain chain) {
    this.graph = graph;
    this.session = session;
    this.chain = chain;
  }

  /**
   * Returns the values of the function.
   *
   * @param arguments the numbers to compute it for
   * @throws RefusedException if TensorFlow's graph has other ops between those of the chain
   */
  float[] run(float[] arguments) {
    return run(chain.last(), arguments);
  }

  /** Returns the values of an op of the chain. */
  float[] run(Node node, float[] arguments) {
    Set<Output<?>> fed = fed();
    Shape first = fed.iterator().next().shape();
    float[] values = new float[arguments.length];
    int at = 0;
    while (at < arguments.length) {
      long[] shape = shape(first, arguments.length - at);
      int size = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
      float[] part = new float[size];
      for (int i = 0; i < size; i++) {
        part[i] = arguments[Math.min(arguments.length - 1, at + i)];
      }
      float[] computed = runOnce(node, fed, Shape.of(shape), part);
      System.arraycopy(computed, 0, values, at, Math.min(size, arguments.length - at));
      at += size;
    }
    return values;
  }

  /** Returns whether an op returns floats. */
  boolean isFloat(Node node) {
    return operation(node).output(0).type().equals(TFloat32.class);
  }

  private float[] runOnce(Node node, Set<Output<?>> fed, Shape shape, float[] arguments) {
    Output<?> fetched = operation(node).output(0);
    try (TFloat32 tensor = TFloat32.tensorOf(shape, DataBuffers.of(arguments))) {
      Session.Runner runner = session.runner().fetch(fetched);
      fed.forEach(input -> runner.feed(input, tensor));
      try (Result result = UninitializedVariables.run(session, runner, List.of(fetched))) {
        float[] values = new float[arguments.length];
        ((TFloat32) result.get(0))
            .asRawTensor()
            .data()
            .asFloats()
            .copyTo(DataBuffers.of(values, false, false), values.length);
        return values;
      }
    }
  }

  /**
   * Returns a shape that a tensor may have, with about as many elements as wanted: the first
   * dimension that is not known is as long as needed.
   */
  private static long[] shape(Shape known, int wanted) {
    if (known.isUnknown() || known.numDimensions() == 0) {
      return new long[] {wanted};
    }
    long[] shape = known.asArray();
    long size = Arrays.stream(shape).filter(n -> n > 0).reduce(1, (a, b) -> a * b);
    boolean open = true;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == Shape.UNKNOWN_SIZE) {
        shape[i] = open ? (wanted + size - 1) / size : 1;
        open = false;
      }
    }
    return shape;
  }

  /** Returns the tensors by which the chain's ops read the source. */
  private Set<Output<?>> fed() {
    Set<Output<?>> fed = new LinkedHashSet<>();
    for (Node node : chain.nodes()) {
      for (int i = 0; i < node.inputs().size(); i++) {
        Node read = graph.node(node.inputs().get(i));
        Output<?> input = input(node, i);
        if (read.equals(chain.source())) {
          fed.add(input);
        } else if (chain.nodes().contains(read)) {
          requireSame(node, read, input);
        }
      }
    }
    return fed;
  }

  private Output<?> input(Node node, int index) {
    int own = node.payload() instanceof Clamp clamp ? clamp.input() : index;
    return operation(node).input(own);
  }

  private static void requireSame(Node node, Node read, Output<?> input) {
    Output<?> tensor = input;
    while (OpKind.of(tensor.op().type()).role() == OpRole.IDENTITY) {
      tensor = ((GraphOperation) tensor.op()).input(0);
    }
    if (!tensor.op().name().equals(read.op())) {
      throw new RefusedException(
          node,
          "it reads %s (%s) in the graph that trains, and %s without dropout"
              .formatted(tensor.op().name(), tensor.op().type(), read.op()),
          "put the dropout before or after the whole activation");
    }
  }

  private GraphOperation operation(Node node) {
    return Objects.requireNonNull(session.graph().operation(node.op()), node.op());
  }
}
