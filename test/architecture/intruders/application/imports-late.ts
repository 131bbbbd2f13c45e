// refused: fastify
export const late = () => import('fastify');
