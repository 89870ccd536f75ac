/** The page of the API's documentation: reads the same OpenAPI document that the console's client is generated from. */
import 'swagger-ui-dist/swagger-ui.css'
import './documentation.css'
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'

SwaggerUI({
  url: '/api/openapi.json',
  dom_id: '#documentation',
  deepLinking: true,
  docExpansion: 'none',
  // Signing in sets an HttpOnly cookie; unsafe methods also need the token of /api/me.
  requestInterceptor: (request) => ({ ...request, credentials: 'same-origin' }),
  validatorUrl: null,
})
