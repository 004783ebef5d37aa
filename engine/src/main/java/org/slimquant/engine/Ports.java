package org.slimquant.engine;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;

/** Copies all inputs into a workspace, or all outputs out of it: batches by the tensors' names. */
final class Ports {

  private final List<String> names;
  private final List<Port> ports;

  Ports(List<IntegerTensor> tensors, MemoryPlan memory) {
    names = tensors.stream().map(IntegerTensor::name).toList();
    ports = tensors.stream().map(tensor -> new Port(tensor, memory)).toList();
  }

  void readCodes(Map<String, int[]> batches, int example, Workspace workspace) {
    for (int i = 0; i < ports.size(); i++) {
      ports.get(i).readCodes(batch(batches, i), example, workspace);
    }
  }

  void readReals(Map<String, float[]> batches, int example, Workspace workspace) {
    for (int i = 0; i < ports.size(); i++) {
      ports.get(i).readReals(batch(batches, i), example, workspace);
    }
  }

  void writeCodes(Map<String, int[]> batches, int example, Workspace workspace) {
    for (int i = 0; i < ports.size(); i++) {
      ports.get(i).writeCodes(batch(batches, i), example, workspace);
    }
  }

  void writeReals(Map<String, float[]> batches, int example, Workspace workspace) {
    for (int i = 0; i < ports.size(); i++) {
      ports.get(i).writeReals(batch(batches, i), example, workspace);
    }
  }

  /** Returns the batch of a tensor. The names are checked before a run. */
  private <A> A batch(Map<String, A> batches, int tensor) {
    return Objects.requireNonNull(batches.get(names.get(tensor)));
  }
}
