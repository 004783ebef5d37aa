/**
 * Pieces of an HTML page. They escape all text and values, so that a name from a model is shown and
 * never obeyed.
 */
@NullMarked
package org.slimquant.deploy.report.html;

import org.jspecify.annotations.NullMarked;
