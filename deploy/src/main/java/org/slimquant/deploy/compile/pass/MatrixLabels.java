package org.slimquant.deploy.compile.pass;

import java.util.Map;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.runtime.graph.OpKind;

/**
 * The product of matrices that an Einsum of two tensors of data is.
 *
 * <pre>{@code
 * Einsum bhqd,bhkd->bhqk            before
 * BatchMatMulV2[adj_y]              after
 * }</pre>
 *
 * @param transposesLeft whether the matrices of the first tensor are transposed
 * @param transposesRight whether the matrices of the second tensor are transposed
 */
record MatrixLabels(boolean transposesLeft, boolean transposesRight) {

  /** Returns the product that a node is, if it is one. */
  static Optional<MatrixLabels> of(OpGraph graph, Node node) {
    boolean data =
        node.is(OpKind.EINSUM)
            && node.inputs().stream().map(graph::node).noneMatch(read -> read.is(Node.CONSTANT));
    return data
        ? EinsumEquation.of(node.attributes().text("equation")).flatMap(MatrixLabels::of)
        : Optional.empty();
  }

  private static Optional<MatrixLabels> of(EinsumEquation equation) {
    int outer = equation.output().length() - 2;
    if (outer < 1
        || equation.left().length() != outer + 2
        || equation.right().length() != outer + 2) {
      return Optional.empty();
    }
    String before = equation.output().substring(0, outer);
    String rows = equation.output().substring(outer, outer + 1);
    String columns = equation.output().substring(outer + 1);
    String left = equation.left().substring(outer);
    String right = equation.right().substring(outer);
    boolean transposesLeft = left.endsWith(rows);
    boolean transposesRight = right.startsWith(columns);
    String depth = transposesLeft ? left.substring(0, 1) : left.substring(1);
    boolean same =
        equation.left().startsWith(before)
            && equation.right().startsWith(before)
            && left.equals(transposesLeft ? depth + rows : rows + depth)
            && right.equals(transposesRight ? columns + depth : depth + columns);
    return Optional.of(new MatrixLabels(transposesLeft, transposesRight)).filter(found -> same);
  }

  /** Returns a node as a product of matrices. */
  Node product(Node node) {
    return node.as(
        OpKind.BATCH_MAT_MUL_V2.type(),
        node.inputs(),
        new Attributes(
            Map.of(), Map.of(), Map.of("adj_x", transposesLeft, "adj_y", transposesRight)));
  }
}
