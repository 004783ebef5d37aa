package org.slimquant.runtime.graph;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphNextOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationDevice;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationInputType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationOutputConsumers;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationOutputNumConsumers;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_UpdateEdge;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.SizeTPointer;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Input;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.DataType;

/**
 * The operations on a graph that TensorFlow's C API has and its Java API lacks. They change the
 * source of an edge and list the ops that were added since the last call. They also return the
 * input at which an op reads a tensor, whether it reads a reference, and the device that it was
 * given.
 *
 * <p>This is the only class that uses the native API. {@code TF_UpdateEdge} needs the native graph,
 * which {@link Graph} has in a private member, so its counted reference is taken by reflection. The
 * alternatives were worse: rebuilding the graph with {@code TF_ImportGraphDef} leaves the caller's
 * operands in the old graph, and a class of this library in the package {@code org.tensorflow}
 * splits that package over two modules.
 */
public final class NativeGraph {

  private final Graph graph;
  private long position;

  public NativeGraph(Graph graph) {
    this.graph = graph;
  }

  /** Returns the ops that the graph gained since this method was called last, in their order. */
  public List<GraphOperation> newOperations() {
    List<GraphOperation> operations = new ArrayList<>();
    try (GraphReference reference = new GraphReference(graph);
        SizeTPointer next = new SizeTPointer(1).put(position)) {
      for (TF_Operation operation = TF_GraphNextOperation(reference.handle(), next);
          operation != null;
          operation = TF_GraphNextOperation(reference.handle(), next)) {
        operations.add(graph.operationOrThrow(TF_OperationName(operation).getString()));
        // At the end of the list TensorFlow stores the position of the next op to be added, and
        // would skip that op.
        position = next.get();
      }
    }
    return operations;
  }

  /** Returns the edges over which ops read {@code tensor}. */
  public static List<Edge> readers(Output<?> tensor) {
    GraphOperation operation = (GraphOperation) tensor.op();
    Graph graph = operation.env();
    List<Edge> edges = new ArrayList<>();
    try (TF_Output source = new TF_Output()) {
      source.oper(operation.getUnsafeNativeHandle()).index(tensor.index());
      int count = TF_OperationOutputNumConsumers(source);
      if (count == 0) {
        return edges;
      }
      try (TF_Input inputs = new TF_Input(count)) {
        TF_OperationOutputConsumers(source, inputs, count);
        for (int i = 0; i < count; i++) {
          TF_Input input = inputs.position(i);
          GraphOperation reader =
              graph.operationOrThrow(TF_OperationName(input.oper()).getString());
          edges.add(new Edge(reader, input.index(), tensor));
        }
      }
    }
    return edges;
  }

  /**
   * Returns whether an op reads over {@code edge} a variable, which it may then write, and not its
   * value.
   */
  static boolean readsReference(Edge edge) {
    try (TF_Input input = new TF_Input()) {
      input.oper(edge.reader().getUnsafeNativeHandle()).index(edge.index());
      return TF_OperationInputType(input) > DataType.DT_FLOAT_REF_VALUE - DataType.DT_FLOAT_VALUE;
    }
  }

  /** Returns the device that an op was given; empty if TensorFlow chooses. */
  static String device(GraphOperation operation) {
    return TF_OperationDevice(operation.getUnsafeNativeHandle()).getString();
  }

  /**
   * Makes {@code edge} read {@code source} from now on. A session that has run the reader before
   * goes on with the old source.
   *
   * @throws org.tensorflow.exceptions.TensorFlowException if type or shape of {@code source} does
   *     not fit
   */
  public static void reroute(Edge edge, Output<?> source) {
    GraphOperation producer = (GraphOperation) source.op();
    try (GraphReference reference = new GraphReference(producer.env());
        TF_Output from = new TF_Output();
        TF_Input to = new TF_Input();
        TF_Status status = TF_Status.newStatus()) {
      from.oper(producer.getUnsafeNativeHandle()).index(source.index());
      to.oper(edge.reader().getUnsafeNativeHandle()).index(edge.index());
      TF_UpdateEdge(reference.handle(), from, to, status);
      status.throwExceptionIfNotOK();
    }
  }

  /** A counted reference to a native graph: while it is open, the graph cannot be freed. */
  private static final class GraphReference implements AutoCloseable {

    private static final Method REF = method("org.tensorflow.Graph", "ref");
    private static final Method HANDLE = method("org.tensorflow.Graph$Reference", "nativeHandle");
    private static final boolean OPEN = REF.trySetAccessible() && HANDLE.trySetAccessible();

    private final AutoCloseable reference;

    GraphReference(Graph graph) {
      if (!OPEN) {
        throw new IllegalStateException(
            "TensorFlow's graph must be open to reflection, but is not; put TensorFlow on the class"
                + " path or run java with --add-opens tensorflow/org.tensorflow=org.slimquant.runtime");
      }
      reference = (AutoCloseable) invoke(REF, graph);
    }

    TF_Graph handle() {
      return (TF_Graph) invoke(HANDLE, reference);
    }

    @Override
    public void close() {
      try {
        reference.close();
      } catch (Exception e) {
        throw new IllegalStateException("the reference to the graph was not given back", e);
      }
    }

    private static Method method(String className, String name) {
      try {
        return Class.forName(className).getDeclaredMethod(name);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "TensorFlow Java must have the method %s.%s, as 1.1.0 has, but this version has not"
                .formatted(className, name),
            e);
      }
    }

    private static Object invoke(Method method, Object target) {
      try {
        return method.invoke(target);
      } catch (InvocationTargetException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
