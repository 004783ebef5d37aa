package org.slimquant.engine;

import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Table;

/** Runs a {@link Table}. */
final class TableStep implements Step {

  private final int size;
  private final int input;
  private final int output;
  private final int first;
  private final int[] table;

  TableStep(Table table, MemoryPlan memory) {
    size = table.output().size();
    input = memory.offset(table.input().name());
    output = memory.offset(table.output().name());
    first = table.input().format().minCode();
    this.table = table.codes().toArray();
  }

  @Override
  public void run(Workspace workspace) {
    int[] codes = workspace.codes;
    for (int i = 0; i < size; i++) {
      codes[output + i] = table[codes[input + i] - first];
    }
  }
}
