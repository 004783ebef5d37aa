package org.slimquant.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slimquant.plan.SiteName;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** One call of a layer method: what flowed in, and the ops that were added while it ran. */
final class LayerCall {

  private final QuantizedLayer layer;
  private final String scope;
  private final Set<Output<?>> inputs = new HashSet<>();
  private final List<GraphOperation> operations = new ArrayList<>();

  /**
   * Starts a call.
   *
   * @param scope the name under which the call's fake quants stand; unique in the graph
   */
  LayerCall(QuantizedLayer layer, String scope) {
    this.layer = layer;
    this.scope = scope;
  }

  QuantizedLayer layer() {
    return layer;
  }

  void addInput(Output<?> tensor) {
    inputs.add(tensor);
  }

  boolean hasInput(Output<?> tensor) {
    return inputs.contains(tensor);
  }

  void addOperations(List<GraphOperation> added) {
    operations.addAll(added);
  }

  /** Returns the ops of this call in the order of their making, without those of inner layers. */
  List<GraphOperation> operations() {
    return operations;
  }

  /** Returns the name of the fake quant of {@code what}: {@code conv1/SlimQuant/kernel}. */
  String siteName(String what) {
    return new SiteName(scope, what).toString();
  }
}
