package org.slimquant.deploy.compile.pass;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The labels of an Einsum of two tensors: {@code abc,cd->abd}.
 *
 * @param left the labels of the axes of the first tensor
 * @param right the labels of the axes of the second tensor
 * @param output the labels of the axes of the result
 */
record EinsumEquation(String left, String right, String output) {

  private static final Pattern TWO_TENSORS = Pattern.compile("(\\w+),(\\w+)->(\\w+)");

  /** Returns the labels, unless there is another number of tensors, or an ellipsis. */
  static Optional<EinsumEquation> of(String equation) {
    Matcher matcher = TWO_TENSORS.matcher(equation.replace(" ", ""));
    return matcher.matches()
        ? Optional.of(new EinsumEquation(matcher.group(1), matcher.group(2), matcher.group(3)))
            .filter(EinsumEquation::hasEachLabelOnce)
        : Optional.empty();
  }

  private boolean hasEachLabelOnce() {
    return isOnce(left) && isOnce(right) && isOnce(output);
  }

  private static boolean isOnce(String labels) {
    return labels.chars().distinct().count() == labels.length();
  }

  /** Returns the labels of an input, 0 or 1. */
  String input(int input) {
    return input == 0 ? left : right;
  }

  /** Returns the number of labels with which both begin. */
  static int commonPrefix(String labels, String others) {
    int length = 0;
    while (length < Math.min(labels.length(), others.length())
        && labels.charAt(length) == others.charAt(length)) {
      length++;
    }
    return length;
  }
}
