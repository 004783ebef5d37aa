/**
 * Functions of one number, which become tables or simpler ops: the ops of the graph between two
 * tensors with codes, and their values for all codes.
 */
@NullMarked
package org.slimquant.deploy.compile.table;

import org.jspecify.annotations.NullMarked;
