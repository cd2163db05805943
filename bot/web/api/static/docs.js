/* The interface's documentation, from our own host. */
window.SwaggerUIBundle({ url: "openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null, syntaxHighlight: false });
