package org.slimquant.deploy.c;

import java.util.List;
import org.slimquant.model.IntegerOp;

/**
 * The statements that compute an op.
 *
 * @param op the op
 * @param statements the statements; none for a reshape, whose output is its input's memory
 * @param output the variable of its output
 */
record OpCalls(IntegerOp op, List<CStatement> statements, String output) {

  OpCalls {
    statements = List.copyOf(statements);
  }
}
