package org.slimquant.runtime.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.graph.NativeGraph;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;

/** The layer calls in progress, innermost first. Assigns each new op to one of them. */
public final class LayerCalls {

  private final NativeGraph nativeGraph;
  private final Deque<LayerCall> calls = new ArrayDeque<>();
  private final Map<String, Integer> callCounts = new HashMap<>();
  private final Set<String> scopes = new HashSet<>();

  public LayerCalls(Graph graph) {
    this.nativeGraph = new NativeGraph(graph);
  }

  /** Starts a call; the ops that were added until now belong to the call around it. */
  public LayerCall begin(String layer) {
    noteNewOperations();
    LayerCall call = new LayerCall(layer, uniqueScope(CallNames.prefix() + layer));
    calls.push(call);
    return call;
  }

  /** Assigns the ops that were added since the last look to the innermost call. */
  public void noteNewOperations() {
    List<GraphOperation> added = nativeGraph.newOperations();
    if (!calls.isEmpty()) {
      calls.peek().addOperations(added);
    }
  }

  /** Skips the ops that were added since the last look: they belong to no call. */
  public void passOverNewOperations() {
    nativeGraph.newOperations();
  }

  /** Ends the innermost call. */
  public void end() {
    calls.pop();
  }

  /**
   * Returns the innermost call.
   *
   * @throws IllegalStateException if no layer is being built
   */
  public LayerCall current() {
    LayerCall call = calls.peek();
    if (call == null) {
      throw new IllegalStateException("an input must be given while a layer is built, but none is");
    }
    return call;
  }

  private String uniqueScope(String layer) {
    while (true) {
      int count = callCounts.merge(layer, 1, Integer::sum);
      String scope = SiteName.call(layer, count - 1);
      if (scopes.add(scope)) {
        return scope;
      }
    }
  }
}
