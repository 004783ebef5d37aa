package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.model.Codes;

/**
 * Collects the constants of a source. Layers with equal tables share one, for example a layer that
 * is called several times.
 */
final class ConstantPool {

  private final List<CConstant> constants = new ArrayList<>();
  private final Map<Content, String> tables = new HashMap<>();

  /** Adds the description of a layer, and returns its name. */
  String add(LayerStruct struct) {
    constants.add(struct);
    return struct.name();
  }

  /** Adds a table unless an equal one is there, and returns the name of the table to read. */
  String add(CTable table) {
    String first =
        tables.putIfAbsent(
            new Content(table.type(), table.inSteps(), table.numbers()), table.name());
    if (first != null) {
      return first;
    }
    constants.add(table);
    return table.name();
  }

  /** Returns all constants in the order in which they were added. */
  List<CConstant> all() {
    return List.copyOf(constants);
  }

  /** The properties in which equal tables agree. */
  private record Content(String type, boolean inSteps, Codes numbers) {}
}
