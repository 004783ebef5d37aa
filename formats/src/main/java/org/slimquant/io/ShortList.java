package org.slimquant.io;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A list of names in a message. */
public final class ShortList {

  private static final int LISTED = 3;

  private ShortList() {}

  /** Returns the first names and the number of the others: {@code a, b, c and 2 more}. */
  public static String of(Stream<String> names) {
    List<String> distinct = names.distinct().toList();
    String first = distinct.stream().limit(LISTED).collect(Collectors.joining(", "));
    int more = distinct.size() - LISTED;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }
}
