package org.slimquant.deploy.onnx.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of a graph's items. The second item that wants a name gets the suffix "_1". */
final class GraphNames {

  private final Set<String> names;

  /**
   * Creates names.
   *
   * @param reserved the names of the graph's inputs and outputs, which no other item gets
   */
  GraphNames(Collection<String> reserved) {
    names = new LinkedHashSet<>(reserved);
  }

  /** Returns a name that no item has yet, and gives it to the caller. */
  String free(String wanted) {
    String name = wanted;
    for (int i = 1; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /**
   * Names items again, in their order, so that the suffixes have no gaps.
   *
   * @param reserved the names that stay as they are
   */
  static List<GraphItem> renamed(List<GraphItem> items, Set<String> reserved) {
    GraphNames names = new GraphNames(reserved);
    Map<String, String> renamed = new HashMap<>();
    List<GraphItem> result = new ArrayList<>();
    for (GraphItem item : items) {
      String name = reserved.contains(item.name()) ? item.name() : names.free(item.wantedName());
      renamed.put(item.name(), name);
      if (item instanceof OnnxNode node) {
        result.add(node.withInputs(input -> renamed.getOrDefault(input, input)).withName(name));
      } else if (item instanceof OnnxConstant constant) {
        result.add(constant.withName(name));
      }
    }
    return result;
  }
}
