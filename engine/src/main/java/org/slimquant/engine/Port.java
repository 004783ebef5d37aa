package org.slimquant.engine;

import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;

/** Copies one tensor's codes into and out of a workspace, one example of a batch at a time. */
final class Port {

  private final FixedPoint format;
  private final int size;
  private final int offset;

  Port(IntegerTensor tensor, MemoryPlan memory) {
    format = tensor.format();
    size = tensor.size();
    offset = memory.offset(tensor.name());
  }

  void readCodes(int[] batch, int example, Workspace workspace) {
    System.arraycopy(batch, example * size, workspace.codes, offset, size);
  }

  void readReals(float[] batch, int example, Workspace workspace) {
    int first = example * size;
    for (int i = 0; i < size; i++) {
      workspace.codes[offset + i] = format.quantize(batch[first + i]);
    }
  }

  void writeCodes(int[] batch, int example, Workspace workspace) {
    System.arraycopy(workspace.codes, offset, batch, example * size, size);
  }

  void writeReals(float[] batch, int example, Workspace workspace) {
    int first = example * size;
    for (int i = 0; i < size; i++) {
      batch[first + i] = format.dequantize(workspace.codes[offset + i]);
    }
  }
}
