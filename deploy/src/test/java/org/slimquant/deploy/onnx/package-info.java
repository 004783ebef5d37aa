/** Tests of ONNX files, run in ONNX Runtime. */
@NullMarked
package org.slimquant.deploy.onnx;

import org.jspecify.annotations.NullMarked;
