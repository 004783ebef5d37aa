package org.slimquant.runtime.layer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slimquant.plan.SiteName;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * A call of a layer method, with the operands that flowed in and the ops that were added while it
 * ran.
 */
public final class LayerCall {

  private final String layer;
  private final String scope;
  private final Set<Output<?>> inputs = new HashSet<>();
  private final List<GraphOperation> operations = new ArrayList<>();

  /**
   * Starts a call.
   *
   * @param layer the name of the layer
   * @param scope the first part of the names of the call's sites; unique in the graph
   */
  LayerCall(String layer, String scope) {
    this.layer = layer;
    this.scope = scope;
  }

  /** Returns the name of the layer. */
  public String layer() {
    return layer;
  }

  public void addInput(Output<?> tensor) {
    inputs.add(tensor);
  }

  boolean hasInput(Output<?> tensor) {
    return inputs.contains(tensor);
  }

  /** Adds ops to this call. */
  public void addOperations(List<GraphOperation> added) {
    operations.addAll(added);
  }

  /** Removes ops that the layer's output no longer depends on. */
  public void removeOperations(List<GraphOperation> removed) {
    operations.removeAll(removed);
  }

  /** Returns the ops of this call in the order of their making, without those of inner layers. */
  public List<GraphOperation> operations() {
    return operations;
  }

  /** Returns the name of the fake quant of {@code what}: {@code conv1/SlimQuant/kernel}. */
  public String siteName(String what) {
    return new SiteName(scope, what).toString();
  }
}
