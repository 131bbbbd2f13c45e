// forbidden: fastify
export const late = () => import('fastify');
