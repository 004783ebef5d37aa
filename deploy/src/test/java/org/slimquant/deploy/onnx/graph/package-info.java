/** Tests of the ONNX graph that the forms write. */
@NullMarked
package org.slimquant.deploy.onnx.graph;

import org.jspecify.annotations.NullMarked;
